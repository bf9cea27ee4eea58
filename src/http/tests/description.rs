//! Every route is in the description, and everything described is a route.

use super::super::routes::{OPENAPI, routes};
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn routes_and_description_are_the_same_list() {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let described: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, operations)| operations.as_object().unwrap().keys().map(move |method| (method.clone(), path.clone())))
        .collect();
    let served = routes().iter().map(|route| (route.method.to_owned(), route.path.replace("{*", "{"))).collect();
    assert_eq!(described, served);
}

#[test]
fn every_reference_leads_somewhere_and_ids_are_used_once() {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let mut todo = vec![&document];
    let mut ids = BTreeSet::new();
    while let Some(value) = todo.pop() {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(to)) = map.get("$ref") {
                    assert!(document.pointer(to.trim_start_matches('#')).is_some(), "{to}");
                }
                if let Some(Value::String(id)) = map.get("operationId") {
                    assert!(ids.insert(id), "{id}");
                }
                todo.extend(map.values());
            }
            Value::Array(items) => todo.extend(items),
            _ => {}
        }
    }
    assert_eq!(document["openapi"], "3.1.0");
}
