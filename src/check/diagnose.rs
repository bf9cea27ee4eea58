//! One fault, one finding: the smallest edit of cells that restores every failing identity.
//!
//! Identities that share a cell form one system. An edit changes a number that is printed into
//! another count (a blank read as 0 may rival it, but is never a diagnosis); it must mend every identity of its system that fails and break none that holds.
//! One edit is sought, then two. Only an answer without a rival is a diagnosis; an edit on which
//! all rivals agree is one too. With three faults or more, an edit that alone mends two or more
//! identities and shares none of them with another such edit is taken.

use super::balance::{Balance, State};
use super::view::say;
use std::collections::BTreeSet;

/// A diagnosed edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// Index of the cell.
    pub cell: usize,
    pub from: i128,
    pub to: i128,
    /// Indices of the instances it explains, the one it is told under first.
    pub explains: Vec<usize>,
}

/// An edit of one cell, by how much.
type Edit = (usize, i128);

/// More rivals than this are never looked at: there is no diagnosis among so many.
const RIVALS: usize = 64;

/// One system of identities that share cells.
struct System {
    /// (instance, left − right) of those that fail.
    failing: Vec<(usize, i128)>,
    /// In cell order; blanks read as 0 are among them, as rivals.
    cells: Vec<Operand>,
}

/// A cell of a system.
struct Operand {
    /// Index of the cell.
    cell: usize,
    value: i128,
    /// (instance, sign) over the decided instances it stands in.
    signs: Vec<(usize, i128)>,
}

impl System {
    fn residual(&self, instance: usize) -> i128 {
        self.failing.iter().find(|(it, _)| *it == instance).map_or(0, |(_, residual)| *residual)
    }

    /// Whether edits mend everything and break nothing; each cell stays a count.
    fn is_solved_by(&self, edits: &[(&Operand, i128)]) -> bool {
        let touched: BTreeSet<usize> = edits.iter().flat_map(|(cell, _)| cell.signs.iter().map(|(it, _)| *it)).collect();
        let after = |instance: usize| {
            let change = |(cell, by): &(&Operand, i128)| -> i128 {
                cell.signs.iter().filter(|(it, _)| *it == instance).map(|(_, sign)| sign * by).sum()
            };
            self.residual(instance) + edits.iter().map(change).sum::<i128>()
        };
        edits.iter().all(|(cell, by)| cell.value + by >= 0)
            && self.failing.iter().all(|(it, _)| touched.contains(it))
            && touched.into_iter().all(|instance| after(instance) == 0)
    }
}

/// Explains each system that a single edit mends.
pub(super) fn single(balance: &mut Balance<'_>) {
    for system in systems(balance) {
        if let [edit] = single_edits(&system)[..] {
            tell(balance, &system, &[edit]);
        }
    }
}

/// Explains what single edits and shifted columns have left.
pub(super) fn rest(balance: &mut Balance<'_>) {
    for system in systems(balance) {
        let edits = match single_edits(&system)[..] {
            [edit] => vec![edit],
            [] => match double_edits(&system) {
                Some(rivals) if rivals.is_empty() => crossing_edits(&system),
                Some(rivals) => agreed(&rivals),
                None => Vec::new(),
            },
            _ => Vec::new(),
        };
        tell(balance, &system, &edits);
    }
}

/// Groups the decided, unexplained instances by shared cells; only systems in which something fails.
fn systems(balance: &Balance<'_>) -> Vec<System> {
    let decided = |at: &usize| !balance.explained[*at] && !matches!(balance.instances[*at].state, State::Open(_));
    let instances: Vec<usize> = (0..balance.instances.len()).filter(decided).collect();
    // In most reports everything holds.
    if !instances.iter().any(|at| balance.instances[*at].fails()) {
        return Vec::new();
    }
    let mut member_of: Vec<Option<usize>> = vec![None; balance.cells.len()];
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in instances {
        let joined: BTreeSet<usize> = balance.instances[at].signed().filter_map(|(cell, _)| member_of[cell]).collect();
        let mut merged = vec![at];
        for group in &joined {
            merged.append(&mut groups[*group]);
        }
        let new = groups.len();
        for instance in &merged {
            balance.instances[*instance].signed().for_each(|(cell, _)| member_of[cell] = Some(new));
        }
        merged.sort_unstable();
        groups.push(merged);
    }
    groups.iter().filter_map(|group| system(balance, group)).collect()
}

fn system(balance: &Balance<'_>, group: &[usize]) -> Option<System> {
    let value = |cell: usize| balance.cells[cell].lenient();
    let residual = |at: usize| balance.instances[at].sums(value).map(|(left, right)| left - right);
    let failing: Vec<(usize, i128)> =
        group.iter().filter(|at| balance.instances[**at].fails()).filter_map(|at| Some((*at, residual(*at)?))).collect();
    if failing.is_empty() {
        return None;
    }
    let mut signs: Vec<Vec<(usize, i128)>> = vec![Vec::new(); balance.cells.len()];
    for at in group {
        balance.instances[*at].signed().for_each(|(cell, sign)| signs[cell].push((*at, sign)));
    }
    let cells = signs.into_iter().enumerate().filter(|(_, signs)| !signs.is_empty());
    let cells = cells.filter_map(|(cell, signs)| Some(Operand { cell, value: balance.cells[cell].lenient()?, signs })).collect();
    Some(System { failing, cells })
}

/// Every edit of one cell that solves the system.
fn single_edits(system: &System) -> Vec<Edit> {
    let Some((first, residual)) = system.failing.first().copied() else { return Vec::new() };
    let edit = |cell: &Operand| {
        let sign = cell.signs.iter().find(|(it, _)| *it == first)?.1;
        let by = -residual * sign;
        system.is_solved_by(&[(cell, by)]).then_some((cell.cell, by))
    };
    system.cells.iter().filter_map(edit).collect()
}

/// Every pair of edits that solves the system; `None` where they are too many to count.
fn double_edits(system: &System) -> Option<Vec<[Edit; 2]>> {
    let first = system.failing.first()?.0;
    let in_first = |cell: &&Operand| cell.signs.iter().any(|(it, _)| *it == first);
    // No cell stands in more than a few identities: with too many failing, two edits cannot reach all.
    let reach = system.cells.iter().map(|cell| cell.signs.len()).max().unwrap_or(0);
    if system.failing.len() > 2 * reach {
        return Some(Vec::new());
    }
    let mut rivals: Vec<[Edit; 2]> = Vec::new();
    for a in system.cells.iter().filter(in_first) {
        for b in &system.cells {
            // A pair inside the first identity is met from both ends; take it once.
            if a.cell == b.cell || (b.cell < a.cell && in_first(&b)) {
                continue;
            }
            match solve(system, a, b) {
                Solution::None => {}
                Solution::Many => return None,
                Solution::One(x, y) => {
                    if system.is_solved_by(&[(a, x), (b, y)]) {
                        rivals.push([(a.cell, x), (b.cell, y)]);
                    }
                    if rivals.len() > RIVALS {
                        return None;
                    }
                }
            }
        }
    }
    Some(rivals)
}

enum Solution {
    None,
    One(i128, i128),
    /// Any value of one cell can be made up for by the other.
    Many,
}

/// The changes of two cells that bring every identity they touch to zero.
fn solve(system: &System, a: &Operand, b: &Operand) -> Solution {
    let touched: BTreeSet<usize> = a.signs.iter().chain(&b.signs).map(|(it, _)| *it).collect();
    if !system.failing.iter().all(|(it, _)| touched.contains(it)) {
        return Solution::None;
    }
    let sign = |cell: &Operand, at: usize| -> i128 { cell.signs.iter().filter(|(it, _)| *it == at).map(|(_, sign)| sign).sum() };
    // sign_a · x + sign_b · y = −residual, every sign being −1, 0 or 1.
    let equations: Vec<(i128, i128, i128)> =
        touched.iter().map(|at| (sign(a, *at), sign(b, *at), -system.residual(*at))).collect();
    let (mut x, mut y) = (None, None);
    for (p, q, r) in &equations {
        match (p, q) {
            (p, 0) if *p != 0 => x = Some(r * p),
            (0, q) if *q != 0 => y = Some(r * q),
            _ => {}
        }
    }
    let both = equations.iter().find(|(p, q, _)| *p != 0 && *q != 0);
    if let Some((p, q, r)) = both {
        match (x, y) {
            (None, None) => {
                let other = equations.iter().find(|(s, t, _)| p * t != s * q);
                // Two equations in both cells that differ in their signs decide them; otherwise nothing does.
                let Some((s, t, u)) = other else {
                    return if equations.iter().all(|(s, t, u)| r * s == u * p && r * t == u * q) {
                        Solution::Many
                    } else {
                        Solution::None
                    };
                };
                let determinant = p * t - s * q;
                let (dx, dy) = (r * t - u * q, p * u - s * r);
                if dx % determinant != 0 || dy % determinant != 0 {
                    return Solution::None;
                }
                (x, y) = (Some(dx / determinant), Some(dy / determinant));
            }
            (Some(known), None) => y = Some((r - p * known) * q),
            (None, Some(known)) => x = Some((r - q * known) * p),
            _ => {}
        }
    }
    match (x, y) {
        (Some(x), Some(y)) if x != 0 && y != 0 => Solution::One(x, y),
        _ => Solution::None,
    }
}

/// The edits that every rival contains.
fn agreed(rivals: &[[Edit; 2]]) -> Vec<Edit> {
    let Some((first, others)) = rivals.split_first() else { return Vec::new() };
    first.iter().filter(|edit| others.iter().all(|rival| rival.contains(edit))).copied().collect()
}

/// Edits that alone mend two or more identities and share none of them with another such edit.
fn crossing_edits(system: &System) -> Vec<Edit> {
    let mut crossing: Vec<(Edit, Vec<usize>)> = Vec::new();
    for cell in &system.cells {
        let failing: Vec<usize> = cell.signs.iter().map(|(it, _)| *it).filter(|it| system.residual(*it) != 0).collect();
        let Some((first, sign)) = cell.signs.iter().find(|(it, _)| system.residual(*it) != 0) else { continue };
        let by = -system.residual(*first) * sign;
        let mends = cell.signs.iter().all(|(it, sign)| system.residual(*it) + sign * by == 0);
        if failing.len() >= 2 && mends && cell.value + by >= 0 {
            crossing.push(((cell.cell, by), failing));
        }
    }
    let alone = |at: usize| {
        let (_, mine) = &crossing[at];
        crossing.iter().enumerate().all(|(other, (_, theirs))| other == at || theirs.iter().all(|it| !mine.contains(it)))
    };
    (0..crossing.len()).filter(|at| alone(*at)).map(|at| crossing[at].0).collect()
}

/// Writes edits down, each under the first identity it mends that no other edit is told under.
fn tell(balance: &mut Balance<'_>, system: &System, edits: &[Edit]) {
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for (cell, by) in edits {
        let Some(Operand { value: from, signs, .. }) = system.cells.iter().find(|it| it.cell == *cell) else { continue };
        let mut explains: Vec<usize> = signs.iter().map(|(it, _)| *it).filter(|it| system.residual(*it) != 0).collect();
        if balance.cells[*cell].number().is_none() {
            // What must have stood in a blank is not known, and the blank is a finding of its own.
            for it in explains {
                let label = &balance.instances[it].it.label;
                let why = say(format!("{}有空白项，不能按 0 计", label.0), format!("{} has a blank that is not 0", label.1));
                balance.instances[it].state = State::Open(why);
            }
            continue;
        }
        explains.sort_by_key(|it| (taken.contains(it), balance.instances[*it].rank, *it));
        let Some(first) = explains.first().copied().filter(|it| !taken.contains(it)) else { continue };
        taken.insert(first);
        explains.iter().for_each(|it| balance.explained[*it] = true);
        balance.told.push(Told { cell: *cell, from: *from, to: from + by, explains });
    }
}
