//! What the page of a team on call shows: whether every minute has somebody, a calendar, the shifts to come, and how the load is
//! shared; and the calendars of people and layers. How people are reached stands in none of it.

use super::Renderer;
use super::plot::{Along, Plot, Series, Shape, Unit};
use crate::base::{Date, Fingerprint};
use crate::evidence::oncall::Oncall;
use crate::markdown::{escaped_attribute as attribute, escaped_text as text};
use crate::oncall::{Load, Roster, Shift, calendar, load, whole_shifts, window};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::fmt::Write as _;

/// Months that are shown, this one first.
const MONTHS: usize = 3;

/// Weeks of shifts in the list, whose shifts a script looks up: a page that is older says nothing about now.
const WEEKS: i64 = 13;

/// Weeks of the calendars.
const WEEKS_OF_CALENDARS: i64 = 52;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A minute as clocks show it in a zone.
fn local(minute: i64, zone: &TimeZone) -> DateTime {
    zone.to_datetime(Timestamp::from_second(minute.saturating_mul(60)).unwrap_or(Timestamp::UNIX_EPOCH))
}

fn date(at: DateTime) -> Option<Date> {
    let small = |part: i8| u8::try_from(part).unwrap_or(0);
    Date::new(i32::from(at.year()), small(at.month()), small(at.day()))
}

/// A shift with its names.
struct Named<'r> {
    shift: Shift,
    level: i64,
    layer: &'r str,
    person: &'r str,
}

fn named(roster: &Roster, all: Vec<Shift>) -> Vec<Named<'_>> {
    let mut out: Vec<Named<'_>> = all
        .into_iter()
        .filter_map(|shift| {
            let (layer, person) = (roster.layers.get(shift.layer)?, roster.people.get(shift.person)?);
            Some(Named { shift, level: layer.level, layer: &layer.name, person: &person.name })
        })
        .collect();
    out.sort_by_key(|one| (one.shift.from, one.level, one.shift.layer));
    out
}

/// The section at the head of the page at `url`, of a site made on a day.
pub(super) fn section(oncall: &Oncall, today: Date, url: &str) -> String {
    let roster = &oncall.roster;
    let zone = roster.zone.clone().unwrap_or(TimeZone::UTC);
    let name = zone.iana_name().unwrap_or("UTC");
    let mut out = format!(
        "<section class=\"runs oncall\" aria-label=\"On call\" data-zone=\"{}\">\n<p class=\"now\" hidden></p>\n",
        attribute(name)
    );
    proof(oncall, &mut out);
    let first = Date::from_days(today.days() - i64::from(day_of_month(today)) + 1);
    // Days begin up to fourteen hours earlier where people are than in UTC, and what is cut there looks like a hand-off.
    let early = Date::from_days(first.days() - 2);
    let all = named(roster, whole_shifts(roster, window(early, WEEKS + 6)));
    hand_offs(&all, today, &zone, &mut out);
    let mut month = first;
    for number in 0..MONTHS {
        month = one_month(&all, (month, number == 0), &zone, &mut out);
    }
    let coming: Vec<&Named<'_>> =
        all.iter().filter(|one| one.shift.to > window(today, 0).0 - 24 * 60).collect();
    list(&coming, &zone, &mut out);
    fairness(oncall, &mut out);
    calendars(roster, url, &mut out);
    out.push_str("</section>\n");
    out
}

/// What was proven of each level.
fn proof(oncall: &Oncall, out: &mut String) {
    for one in &oncall.coverage {
        let all = one.covered + one.declared + one.gaps.iter().map(|gap| gap.to - gap.from).sum::<i64>();
        let (level, weeks) = (one.level, all / (7 * 24 * 60));
        let _ = if one.gaps.is_empty() {
            let meant = match one.declared {
                0 => String::new(),
                minutes => format!(", but for {} hours that are meant to be open", minutes.div_euclid(60)),
            };
            writeln!(
                out,
                "<p class=\"good\">Level {level}: every minute of {weeks} weeks has somebody{meant}.</p>"
            )
        } else {
            writeln!(
                out,
                "<p class=\"bad\">Level {level}: {} times in {weeks} weeks nobody can be reached.</p>",
                one.gaps.len()
            )
        };
    }
}

fn day_of_month(day: Date) -> i8 {
    day.to_string().get(8..).and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// Writes a month, from its first day; the first day of the next.
fn one_month(all: &[Named<'_>], (first, is_open): (Date, bool), zone: &TimeZone, out: &mut String) -> Date {
    let told = first.to_string();
    let (year, number) =
        (told.get(..4).unwrap_or(""), told.get(5..7).and_then(|month| month.parse::<usize>().ok()));
    let name = number.and_then(|number| NAMES.get(number.wrapping_sub(1))).copied().unwrap_or("");
    // Seven columns are wider than a phone, where they scroll.
    let _ = write!(
        out,
        "<details{}><summary>{name} {year}</summary><div class=\"table-wrapper\" tabindex=\"0\"><table><thead><tr>",
        if is_open { " open" } else { "" }
    );
    for day in DAYS {
        let _ = write!(out, "<th scope=\"col\">{day}</th>");
    }
    out.push_str("</tr></thead><tbody>\n<tr>");
    // 1970-01-01 was a Thursday.
    let column = |day: Date| usize::try_from((day.days() + 3).rem_euclid(7)).unwrap_or(0);
    (0..column(first)).for_each(|_| out.push_str("<td></td>"));
    let mut day = first;
    loop {
        one_day(all, day, zone, out);
        let next = Date::from_days(day.days() + 1);
        if day_of_month(next) == 1 {
            out.push_str("</tr>\n</tbody></table></div></details>\n");
            return next;
        }
        if column(next) == 0 {
            out.push_str("</tr>\n<tr>");
        }
        day = next;
    }
}

/// A name that no cell breaks in two.
fn whole(name: &str) -> String {
    text(name).replace('-', "\u{2011}").replace(' ', "\u{a0}")
}

/// Hand-offs that are told by themselves: what a phone shows without a touch.
const HAND_OFFS: usize = 4;

/// Who comes next.
fn hand_offs(all: &[Named<'_>], today: Date, zone: &TimeZone, out: &mut String) {
    let begin = window(today, 0).0;
    let next = all.iter().filter(|one| one.shift.from >= begin).take(HAND_OFFS);
    let lines: Vec<String> = next
        .map(|one| {
            let at = local(one.shift.from, zone).strftime("%a %Y-%m-%d %H:%M");
            format!("<li>{at}: <strong>{}</strong>, level {}</li>", text(one.person), one.level)
        })
        .collect();
    if !lines.is_empty() {
        let _ = writeln!(
            out,
            "<p>Next, in the time of {}:</p>\n<ul>{}</ul>",
            text(zone.iana_name().unwrap_or("UTC")),
            lines.join("")
        );
    }
}

/// Writes a day: who is on call as it begins, and each hand-off within it.
fn one_day(all: &[Named<'_>], day: Date, zone: &TimeZone, out: &mut String) {
    let _ = write!(out, "<td><time datetime=\"{day}\">{}</time>", day_of_month(day));
    let mut lines: Vec<(i64, Option<DateTime>, &str)> = Vec::new();
    for one in all {
        let (from, to) = (local(one.shift.from, zone), local(one.shift.to, zone));
        let (Some(starts), Some(ends)) = (date(from), date(to)) else { continue };
        let at_midnight = from.hour() == 0 && from.minute() == 0;
        let is_over = ends < day || (ends == day && to.hour() == 0 && to.minute() == 0);
        if starts > day || is_over {
            continue;
        }
        let hand_off = (starts == day && !at_midnight).then_some(from);
        lines.push((one.level, hand_off, one.person));
    }
    lines.sort_by_key(|line| (line.0, line.1));
    for (_, hand_off, person) in lines {
        let at = hand_off.map_or_else(String::new, |at| format!("{:02}:{:02}\u{a0}", at.hour(), at.minute()));
        let _ = write!(out, "<br><small>{at}{}</small>", whole(person));
    }
    out.push_str("</td>");
}

/// The shifts to come, which the script reads.
fn list(all: &[&Named<'_>], zone: &TimeZone, out: &mut String) {
    let _ = writeln!(
        out,
        "<details><summary>All shifts of {WEEKS} weeks</summary><div class=\"table-wrapper\" tabindex=\"0\"><table><thead><tr><th>From</th><th>To</th><th>Level</th><th>Layer</th><th>On call</th></tr></thead><tbody>"
    );
    let told = |minute: i64| {
        let instant = Timestamp::from_second(minute.saturating_mul(60)).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = local(minute, zone).strftime("%a %Y-%m-%d %H:%M");
        format!("<time datetime=\"{instant}\">{local}</time>")
    };
    for one in all {
        let _ = writeln!(
            out,
            "<tr data-level=\"{}\" data-person=\"{}\"><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            one.level,
            attribute(one.person),
            told(one.shift.from),
            told(one.shift.to),
            one.level,
            text(one.layer),
            text(one.person)
        );
    }
    out.push_str("</tbody></table></div></details>\n");
}

/// What each person carries in the weeks that were looked at.
fn fairness(oncall: &Oncall, out: &mut String) {
    let roster = &oncall.roster;
    let loads: Vec<Load> = load(roster, oncall.window);
    let weeks = (oncall.window.1 - oncall.window.0) / (7 * 24 * 60);
    let of = |name: &str, hours: fn(&Load) -> i64| Series {
        name: name.to_owned(),
        // A window has 90,000 hours at most, which every number of 32 bits holds.
        points: (0..).zip(loads.iter().map(|load| u32::try_from(hours(load)).ok().map(f64::from))).collect(),
        bands: Vec::new(),
    };
    let series = vec![
        of("by day", |load| load.hours - load.nights - load.weekends + load.both),
        of("at night", |load| load.nights - load.both),
        of("at weekends", |load| load.weekends),
    ];
    let plot = Plot {
        id: "share".into(),
        title: format!("Hours on call in {weeks} weeks"),
        about: "Nights are from 22 to 6 o'clock, on weekdays, where somebody lives.".into(),
        shape: Shape::Bars,
        along: Along::Names(roster.people.iter().map(|person| person.name.clone()).collect()),
        unit: Unit::Count,
        series,
        limits: Vec::new(),
    };
    let _ =
        writeln!(out, "<details><summary>How {weeks} weeks are shared</summary>{}</details>", plot.html());
}

/// The name of a calendar's file; names that differ stay apart.
fn file(of: &str, name: &str) -> String {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '-' || sign == '_';
    if name.chars().all(plain) {
        return format!("oncall-{of}-{name}.ics");
    }
    let print = Fingerprint::of(name.as_bytes()).to_string();
    let readable: String = name.chars().map(|sign| if plain(sign) { sign } else { '-' }).take(40).collect();
    format!("oncall-{of}-{readable}-{}.ics", print.get(..8).unwrap_or(""))
}

fn calendars(roster: &Roster, url: &str, out: &mut String) {
    let up = "../".repeat(url.matches('/').count());
    let link = |of: &str, name: &str| format!("<a href=\"{up}{}\">{}</a>", file(of, name), text(name));
    let people: Vec<String> = roster.people.iter().map(|person| link("person", &person.name)).collect();
    let layers: Vec<String> = roster.layers.iter().map(|layer| link("layer", &layer.name)).collect();
    let _ =
        writeln!(out, "<p>Calendars: of people {}; of layers {}.</p>", people.join(", "), layers.join(", "));
}

impl Renderer<'_> {
    /// The calendars of each person and each layer, by their file; none where no page tells who is on call.
    pub(super) fn shift_calendars(&self) -> Vec<(String, String)> {
        let shown = self.site.pages.iter().any(|page| page.kind.as_deref() == Some("oncall"));
        let Some(oncall) = self.oncall.filter(|_| shown) else { return Vec::new() };
        let roster = &oncall.roster;
        let today = self.world.today();
        let first = Date::from_days(today.days() - i64::from(day_of_month(today)) + 1);
        let all = whole_shifts(roster, window(first, WEEKS_OF_CALENDARS));
        let of = |of: &str, name: &str, wanted: &dyn Fn(&Shift) -> bool| {
            let shifts: Vec<Shift> = all.iter().filter(|shift| wanted(shift)).copied().collect();
            (file(of, name), calendar(roster, &shifts, name))
        };
        let mut out = Vec::new();
        for (number, person) in roster.people.iter().enumerate() {
            out.push(of("person", &person.name, &|shift| shift.person == number));
        }
        for (number, layer) in roster.layers.iter().enumerate() {
            out.push(of("layer", &layer.name, &|shift| shift.layer == number));
        }
        out
    }
}
