//! The API and the page over a real store in a temporary folder, asked through the router.

mod api;
mod description;
mod doors;
mod front;
mod support;
