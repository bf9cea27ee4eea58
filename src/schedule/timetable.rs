//! Timetables: cron expressions as people write them, made unambiguous.
//!
//! The cron library wants seconds, counts Sunday as 1, and takes a day only where both its date and its
//! weekday match; crontab has no seconds, counts Monday as 1, and takes either. So five fields are read
//! as crontab means them, six as the library does, and a weekday in six fields must be a name, because
//! its number means two different days.

use crate::model::Time;
use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::str::FromStr;

const WEEKDAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// Shorthands and what they stand for.
const SHORTHANDS: [(&str, &str); 7] = [
    ("@yearly", "0 0 0 1 1 *"),
    ("@annually", "0 0 0 1 1 *"),
    ("@monthly", "0 0 0 1 * *"),
    ("@weekly", "0 0 0 * * Sun"),
    ("@daily", "0 0 0 * * *"),
    ("@midnight", "0 0 0 * * *"),
    ("@hourly", "0 0 * * * *"),
];

/// When something is due, over and over, on the clock of a time zone.
#[derive(Debug, Clone)]
pub struct Timetable {
    expression: String,
    /// Due whenever one of them is: crontab's "this date or that weekday" needs two.
    schedules: Vec<cron::Schedule>,
    zone: Tz,
}

impl PartialEq for Timetable {
    fn eq(&self, other: &Timetable) -> bool {
        self.expression == other.expression && self.zone == other.zone
    }
}

impl Timetable {
    /// Reads an expression of six fields (seconds first), of five (crontab), or a shorthand such as
    /// `@daily`. The error says what is wrong and how to write it, Chinese first.
    pub fn parse(expression: &str, zone: Tz) -> Result<Timetable, String> {
        let text = expression.trim();
        let lower = text.to_ascii_lowercase();
        let text = match SHORTHANDS.iter().find(|(name, _)| *name == lower) {
            Some((_, meaning)) => *meaning,
            None if text.starts_with('@') => {
                return Err(format!("不认识 `{text}`（unknown shorthand）：可用 @hourly @daily @weekly @monthly @yearly"));
            }
            None => text,
        };
        let fields: Vec<&str> = text.split_whitespace().collect();
        let expressions = match fields.as_slice() {
            [seconds, minutes, hours, days, months, weekdays] => {
                let weekdays = weekdays_of(weekdays, false)?;
                vec![joined([seconds, minutes, hours, special_free(days)?, months, &weekdays])]
            }
            [minutes, hours, days, months, weekdays] => crontab(minutes, hours, special_free(days)?, months, weekdays)?,
            _ => {
                return Err(format!(
                    "应为 6 段（秒 分 时 日 月 星期）或 5 段（分 时 日 月 星期），这里有 {} 段（six fields or five），例如 0 30 6 * * *",
                    fields.len()
                ));
            }
        };
        let schedules = expressions.iter().map(|text| schedule(text)).collect::<Result<Vec<_>, _>>()?;
        let timetable = Timetable { expression: expression.trim().to_owned(), schedules, zone };
        // Looked for from a fixed day on, so that an expression is good or bad whatever the day.
        match timetable.next_after(DateTime::UNIX_EPOCH + TimeDelta::days(50 * 365)) {
            Some(_) => Ok(timetable),
            None => Err(format!("`{}` 永远不会到期（never due）：请检查日和月，例如 2 月没有 30 日", timetable.expression)),
        }
    }

    /// The first time strictly after `after`. A time that the clock skips (summer time begins) is due when
    /// the clock goes on; one that it shows twice is due the first time. Nothing after the year 2100.
    pub fn next_after(&self, after: Time) -> Option<Time> {
        self.schedules.iter().filter_map(|schedule| self.next_of(schedule, after)).min()
    }

    /// Follows one schedule on the wall clock, as if the zone had no offset, and maps each time back.
    fn next_of(&self, schedule: &cron::Schedule, after: Time) -> Option<Time> {
        let mut wall = self.zone.from_utc_datetime(&after.naive_utc()).naive_local();
        // A clock set back shows times that were due before; a whole day of them is more than any zone has.
        for _ in 0..100_000 {
            wall = schedule.after(&wall.and_utc()).next()?.naive_utc();
            match self.instant(wall) {
                Some(instant) if instant > after => return Some(instant),
                _ => {}
            }
        }
        None
    }

    /// The instant at which the wall clock shows this time, or the first one after a gap.
    fn instant(&self, wall: NaiveDateTime) -> Option<Time> {
        for minutes in 0..=24 * 60 {
            // From a gap on, only the full minute after it matters.
            let shown = if minutes == 0 { wall } else { full_minute(wall) + TimeDelta::minutes(minutes) };
            match self.zone.from_local_datetime(&shown) {
                LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => return Some(time.with_timezone(&Utc)),
                LocalResult::None => {}
            }
        }
        None
    }

    /// The expression as it was written.
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// An instant on the clock of the zone, for people: `2026-02-01 06:30`.
    pub fn local(&self, time: Time) -> String {
        time.with_timezone(&self.zone).format("%Y-%m-%d %H:%M").to_string()
    }

    /// The day of an instant in the zone.
    pub(super) fn day(&self, time: Time) -> String {
        time.with_timezone(&self.zone).format("%Y-%m-%d").to_string()
    }
}

fn full_minute(time: NaiveDateTime) -> NaiveDateTime {
    use chrono::Timelike;
    time.with_second(0).and_then(|time| time.with_nanosecond(0)).unwrap_or(time)
}

fn joined(fields: [&str; 6]) -> String {
    fields.join(" ")
}

/// Five fields: where both date and weekday are restricted, a day that matches either is due.
fn crontab(minutes: &str, hours: &str, days: &str, months: &str, weekdays: &str) -> Result<Vec<String>, String> {
    let names = weekdays_of(weekdays, true)?;
    let restricted = |field: &str| !field.starts_with(['*', '?']);
    if restricted(days) && restricted(weekdays) {
        let by_date = joined(["0", minutes, hours, days, months, "*"]);
        return Ok(vec![by_date, joined(["0", minutes, hours, "*", months, &names])]);
    }
    Ok(vec![joined(["0", minutes, hours, days, months, &names])])
}

fn schedule(text: &str) -> Result<cron::Schedule, String> {
    cron::Schedule::from_str(text).map_err(|error| {
        let detail: String = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        format!("`{text}` 不是可用的时间表（not a timetable）：{detail}；例如 0 30 6 * * * 是每天 6:30")
    })
}

/// A day-of-month field without the signs of other schedulers.
fn special_free(days: &str) -> Result<&str, String> {
    if days.to_ascii_uppercase().contains(['L', 'W', '#']) {
        return Err(format!("日 `{days}` 中的 L、W、# 不支持（L, W and # are not supported）：请写出日期，如 28-31"));
    }
    Ok(days)
}

/// A weekday field as a list of names. Numbers are read as crontab does (0 and 7 Sunday, 1 Monday) where
/// `numbers` allows them, else refused. A range may go over the end of the week.
fn weekdays_of(field: &str, numbers: bool) -> Result<String, String> {
    let mut days = [false; 7];
    for item in field.split(',') {
        let wrong = || format!("星期 `{item}` 看不懂（not a weekday）：请写 Mon、Mon-Fri 或 Sat,Sun");
        let special = item.contains('#') || item.to_ascii_uppercase().ends_with(['L', 'W']);
        if special {
            return Err(format!("星期 `{item}` 中的 L、W、# 不支持（L, W and # are not supported）：请写 Mon、Mon-Fri"));
        }
        let (range, step) = item.split_once('/').map_or((item, "1"), |(range, step)| (range, step));
        let step: usize = step.parse().ok().filter(|step| (1..=7).contains(step)).ok_or_else(wrong)?;
        let (first, last) = match range.split_once('-') {
            Some((first, last)) => (weekday(first, numbers)?, weekday(last, numbers)?),
            None if matches!(range, "*" | "?") => (0, 6),
            // `Mon/2` is `from Monday to the end of the week`.
            None if item.contains('/') => (weekday(range, numbers)?, 6),
            None => (weekday(range, numbers)?, weekday(range, numbers)?),
        };
        let last = if last < first { last + 7 } else { last };
        (first..=last).step_by(step).for_each(|day| days[day % 7] = true);
    }
    if days == [true; 7] {
        return Ok("*".to_owned());
    }
    let names = WEEKDAYS.iter().zip(days).filter(|(_, on)| *on).map(|(name, _)| &name[..3]);
    Ok(names.collect::<Vec<_>>().join(","))
}

/// The weekday that a name or a number means, Sunday 0; 7 stays 7, so that `5-7` is a range.
fn weekday(text: &str, numbers: bool) -> Result<usize, String> {
    let lower = text.to_ascii_lowercase();
    if let Some(day) = WEEKDAYS.iter().position(|name| lower.len() >= 3 && name.starts_with(&lower)) {
        return Ok(day);
    }
    match text.parse::<usize>() {
        Ok(_) if !numbers => Err(format!(
            "六段写法中星期 `{text}` 不用数字（1 有时是周日、有时是周一）：请写 Sun、Mon-Fri（use names, not numbers）"
        )),
        Ok(number) if number <= 7 => Ok(number),
        _ => Err(format!("星期 `{text}` 看不懂（not a weekday）：请写 Mon、Mon-Fri 或 Sat,Sun")),
    }
}
