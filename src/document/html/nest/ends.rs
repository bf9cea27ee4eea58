//! End tags: what each closes of the open elements, and what it leaves open.

use super::super::name::{self, Kind, Name};
use super::{Nest, Open, Scope, is_implied, is_ordinary};

impl Nest {
    pub(super) fn end(&mut self, name: Name) {
        match self.top() {
            Some(Kind::Drawing) => {
                if self.open.last().is_some_and(|open| open.name == name) {
                    self.pop()
                } else {
                    self.broken = true
                }
                return;
            }
            Some(Kind::Select) => {
                match name {
                    name::SELECT => self.pop(),
                    name::OPTION | name::OPTGROUP => {}
                    _ => self.broken = true,
                }
                return;
            }
            _ => {}
        }
        let kind = self.open.last().filter(|open| open.name == name).map_or_else(|| name::kind(name), |open| open.kind);
        match kind {
            Kind::Root | Kind::Body | Kind::Column | Kind::Raw | Kind::Note | Kind::Select | Kind::Drawing => {}
            Kind::Odd => self.broken = true,
            Kind::Void => {
                if name == name::BR {
                    self.broken |= self.between_cells();
                    self.builder.start(name, kind, &super::super::NoAttributes);
                }
            }
            Kind::Table | Kind::Section | Kind::Row | Kind::Cell | Kind::Caption => {
                if let Some(at) = self.find(Scope::Table, |open| open.name == name) {
                    self.close_to(at);
                }
            }
            _ if self.between_cells() => self.broken |= !matches!(kind, Kind::Form | Kind::Format | Kind::Plain),
            Kind::P => match self.find(Scope::Button, |open| open.kind == Kind::P) {
                Some(at) => self.close_to(at),
                // Browsers put an empty paragraph here.
                None => {
                    let mark = self.builder.start(name, kind, &super::super::NoAttributes);
                    self.builder.end(name, kind, mark);
                }
            },
            Kind::Li => self.close_in(Scope::List, name),
            Kind::Block | Kind::Term | Kind::Walled => self.close_in(Scope::Body, name),
            Kind::Heading => {
                if let Some(at) = self.find(Scope::Body, |open| open.kind == Kind::Heading) {
                    self.close_to(at);
                }
            }
            Kind::Form => self.end_form(),
            Kind::Format | Kind::Marking => self.end_formatting(name, kind),
            Kind::Plain | Kind::Option => self.end_plain(name),
        }
    }

    fn end_form(&mut self) {
        if !std::mem::replace(&mut self.form, false) {
            return;
        }
        let Some(at) = self.find(Scope::Body, |open| open.kind == Kind::Form) else { return };
        while self.top().is_some_and(is_implied) && at + 1 < self.open.len() {
            self.pop();
        }
        // A form ends only where it is the innermost, which formatting opened again would be.
        self.broken |= self.reopened;
        if at + 1 == self.open.len() {
            self.pop();
        } else {
            self.broken |= self.open[at + 1..].iter().any(|open| matches!(open.kind, Kind::Format | Kind::Marking));
            self.open[at].ghost = true;
        }
    }

    fn end_plain(&mut self, name: Name) {
        for at in (0..self.open.len()).rev() {
            let open = self.open[at];
            if open.name == name {
                return self.close_to(at);
            }
            if !is_ordinary(open.kind) && !open.ghost {
                return;
            }
        }
    }

    /// The end of formatting. What lies above it on the stack is opened again by browsers, so only the plain
    /// elements above it really end.
    fn end_formatting(&mut self, name: Name, kind: Kind) {
        if self.open.last().is_some_and(|open| open.name == name) {
            return self.pop();
        }
        let wall = |open: &Open| matches!(open.kind, Kind::Cell | Kind::Caption | Kind::Walled);
        let Some(at) = self.open.iter().rposition(|open| open.name == name || wall(open)).filter(|at| !wall(&self.open[*at]))
        else {
            // It may end what browsers opened again, and all that is told inside that.
            self.broken |= self.reopened && self.open.iter().any(|open| open.is_told() && is_ordinary(open.kind));
            return;
        };
        let above = &self.open[at + 1..];
        let special = above.iter().any(|open| !is_ordinary(open.kind));
        let plain = above.iter().any(|open| open.kind == Kind::Plain);
        let told = self.open[at..].iter().any(|open| open.is_told() && is_ordinary(open.kind));
        if special && plain || told && (self.reopened || special || above.iter().any(|open| open.kind != Kind::Plain)) {
            self.broken = true;
            return;
        }
        if kind == Kind::Marking || told {
            return self.close_to(at);
        }
        // Nothing that is told begins or ends here: only the stack changes.
        self.reopened |= self.open[at + 1..].iter().any(|open| open.kind == Kind::Format);
        self.open.remove(at);
        if !special {
            let mut kept = at;
            for index in at..self.open.len() {
                if self.open[index].kind != Kind::Plain {
                    self.open[kept] = self.open[index];
                    kept += 1;
                }
            }
            self.open.truncate(kept);
        }
        while self.open.last().is_some_and(|open| open.ghost) {
            self.pop();
        }
    }
}
