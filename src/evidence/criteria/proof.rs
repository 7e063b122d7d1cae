//! What a proof can name: a small language, each word of which can fail.

use crate::base::{Date, Glob};
use crate::diag::nearest;
use crate::evidence::check;

/// Something that proves a check box or a criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// `check:CODE`, `check:CODE@GLOB`: the check finds nothing (in files that the glob names), and had something to judge.
    Check {
        /// Its code.
        code: &'static str,
        /// Files from the repository's root; all, where there is none.
        files: Option<String>,
    },
    /// `run:PAGE`: the newest run of a runbook passed, met its objectives, and is not too old.
    Run(String),
    /// `objective:PAGE.rto`: the newest run of a runbook met that objective.
    Objective {
        /// The page, from the repository's root.
        page: String,
        /// As in the runbook: `rto`, `rpo`.
        name: String,
    },
    /// `drill:NAME`: the newest drill of the name that counts passed, and is not too old.
    Drill(String),
    /// `recovery:CRITERION`: a criterion of the plan of recovery.
    Recovery(String),
    /// `reviews:incidents`: each resolved incident was reviewed.
    Reviews,
    /// `oncall:coverage`: somebody can be reached in every minute, at each level.
    Coverage,
    /// `page:PATH`: the page is there, has a kind, and nothing is found on it.
    Page(String),
    /// `metric:NAME`: `oathbook metrics` exports it.
    Metric(String),
    /// `row:ID`: another check box, by its id or by `Heading > Text`.
    Row(String),
}

/// The words before the colon, each with what follows it.
pub const WORDS: &[(&str, &str)] = &[
    ("check", "CODE or CODE@GLOB"),
    ("run", "PAGE"),
    ("objective", "PAGE.rto"),
    ("drill", "NAME"),
    ("recovery", "CRITERION"),
    ("reviews", "incidents"),
    ("oncall", "coverage"),
    ("page", "PATH"),
    ("metric", "NAME"),
    ("row", "ID"),
];

/// Why something is no proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// For people.
    pub message: String,
    /// What to write.
    pub help: String,
}

impl Refusal {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// `did you mean …`, or what there is.
pub(super) fn meant<'n>(wanted: &str, names: impl IntoIterator<Item = &'n str> + Clone, are: &str) -> String {
    if let Some(near) = nearest(wanted, names.clone()) {
        return format!("did you mean `{near}`?");
    }
    let mut all: Vec<&str> = names.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    let more = if all.len() > SHOWN { ", and others" } else { "" };
    all.truncate(SHOWN);
    if all.is_empty() { format!("there are no {are}") } else { format!("{are} are {}{more}", all.join(", ")) }
}

/// Names that are listed where none is near.
const SHOWN: usize = 10;

impl Proof {
    /// Reads one proof, as in `check:alert-runbook`.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let words = WORDS.iter().map(|(word, _)| *word);
        let Some((word, rest)) = text.split_once(':') else {
            let message = format!("`{text}` is no proof: it has no colon");
            return Err(Refusal::new(message, format!("write `WORD:NAME`; words are {}", listed())));
        };
        let rest = rest.trim();
        if rest.is_empty() {
            return Err(Refusal::new(format!("`{text}` names nothing"), format!("write {}", shape(word))));
        }
        let owned = || rest.to_owned();
        let only = |one: &str, proof: Self| {
            if rest == one {
                return Ok(proof);
            }
            Err(Refusal::new(format!("`{text}` is no proof"), format!("write `{word}:{one}`")))
        };
        match word.trim() {
            "check" => Self::check(rest),
            "run" => Ok(Self::Run(owned())),
            "objective" => match rest.rsplit_once('.') {
                Some((page, name)) if page.ends_with(".md") && !name.is_empty() => {
                    Ok(Self::Objective { page: page.to_owned(), name: name.to_owned() })
                }
                _ => Err(Refusal::new(format!("`{text}` names no objective"), shape("objective"))),
            },
            "drill" => Ok(Self::Drill(owned())),
            "recovery" => Ok(Self::Recovery(owned())),
            "reviews" => only("incidents", Self::Reviews),
            "oncall" => only("coverage", Self::Coverage),
            "page" => Ok(Self::Page(owned())),
            "metric" => Ok(Self::Metric(owned())),
            "row" => Ok(Self::Row(owned())),
            other => Err(Refusal::new(
                format!("`{other}` is no kind of proof"),
                meant(other, words, "kinds of proofs"),
            )),
        }
    }

    fn check(rest: &str) -> Result<Self, Refusal> {
        let (code, files) = match rest.split_once('@') {
            Some((code, glob)) => (code, Some(glob.to_owned())),
            None => (rest, None),
        };
        let Some(check) = check::find(code) else {
            let codes: Vec<&str> = check::ALL.iter().map(|check| check.code).collect();
            let help = meant(code, codes, "checks");
            return Err(Refusal::new(format!("there is no check `{code}`"), help));
        };
        if super::is_own(check.code) {
            let message = format!("`{code}` judges proofs, and can be none");
            return Err(Refusal::new(message, "name what is to be proven itself"));
        }
        Ok(Self::Check { code: check.code, files })
    }

    /// As it is written.
    pub fn told(&self) -> String {
        match self {
            Self::Check { code, files: None } => format!("check:{code}"),
            Self::Check { code, files: Some(glob) } => format!("check:{code}@{glob}"),
            Self::Run(page) => format!("run:{page}"),
            Self::Objective { page, name } => format!("objective:{page}.{name}"),
            Self::Drill(name) => format!("drill:{name}"),
            Self::Recovery(name) => format!("recovery:{name}"),
            Self::Reviews => "reviews:incidents".into(),
            Self::Coverage => "oncall:coverage".into(),
            Self::Page(path) => format!("page:{path}"),
            Self::Metric(name) => format!("metric:{name}"),
            Self::Row(id) => format!("row:{id}"),
        }
    }
}

/// Whether a glob, or none, names a file.
pub(super) fn covers(files: Option<&str>, file: &str) -> bool {
    files.is_none_or(|glob| Glob::new(glob).matches(file))
}

fn listed() -> String {
    WORDS.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}

fn shape(word: &str) -> String {
    let found = WORDS.iter().find(|(known, _)| *known == word);
    found.map_or_else(|| format!("words are {}", listed()), |(word, rest)| format!("write `{word}:{rest}`"))
}

/// That a box stays open on purpose: why, who says so, and the last day on which that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// Why.
    pub reason: String,
    /// Who accepted it.
    pub by: String,
    /// The last day.
    pub until: Date,
}

impl Deviation {
    /// Reads `reason, by, date`; a reason may have commas.
    fn parse(text: &str) -> Result<Self, Refusal> {
        let help = "write `deviation: why it stays open, who accepted that, 2027-03-31`";
        let refuse = |message: String| Err(Refusal::new(message, help));
        let mut parts = text.rsplitn(3, ',').map(str::trim);
        let (date, by, reason) = (parts.next(), parts.next(), parts.next());
        let (Some(date), Some(by), Some(reason)) = (date, by, reason) else {
            return refuse(format!("`{}` is no deviation: it is not reason, by, date", text.trim()));
        };
        let Ok(until) = date.parse::<Date>() else {
            return refuse(format!("`{date}` is no date of a deviation"));
        };
        if by.is_empty() || reason.is_empty() {
            return refuse("a deviation says why, and who accepted it".into());
        }
        Ok(Self { reason: reason.to_owned(), by: by.to_owned(), until })
    }
}

/// What a comment says of a box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// `id=NAME`.
    pub id: Option<String>,
    /// All of these must hold.
    pub proofs: Vec<Proof>,
    /// What cannot be read.
    pub refused: Vec<Refusal>,
    /// That it stays open on purpose.
    pub deviation: Option<Deviation>,
}

impl Stated {
    /// Reads what follows `proof:` in a comment: words with blanks between, a text with blanks in quotes, a deviation last.
    pub fn parse(text: &str) -> Self {
        let mut out = Self::default();
        let (words, deviation) = match text.split_once("deviation:") {
            Some((words, rest)) => (words, Some(rest)),
            None => (text, None),
        };
        for word in split(words) {
            match word.strip_prefix("id=") {
                Some("") => out.refused.push(Refusal::new("`id=` names nothing", "write `id=NAME`")),
                Some(id) if out.id.is_none() => out.id = Some(id.to_owned()),
                Some(_) => out.refused.push(Refusal::new("a box has one id", "remove the other `id=`")),
                None => out.add(&word),
            }
        }
        match deviation.map(Deviation::parse) {
            Some(Ok(deviation)) => out.deviation = Some(deviation),
            Some(Err(refusal)) => out.refused.push(refusal),
            None => {}
        }
        out
    }

    /// Adds one proof.
    pub(super) fn add(&mut self, text: &str) {
        match Proof::parse(text) {
            Ok(proof) => self.proofs.push(proof),
            Err(refusal) => self.refused.push(refusal),
        }
    }

    /// Reads a deviation that stands by itself.
    pub(super) fn deviate(&mut self, text: &str) {
        match Deviation::parse(text) {
            Ok(deviation) => self.deviation = Some(deviation),
            Err(refusal) => self.refused.push(refusal),
        }
    }
}

/// Words with blanks between; what stands in double quotes keeps its blanks.
fn split(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for sign in text.chars() {
        match sign {
            '"' => quoted = !quoted,
            sign if sign.is_whitespace() && !quoted => out.push(String::new()),
            sign => out.last_mut().into_iter().for_each(|word| word.push(sign)),
        }
    }
    out.retain(|word| !word.is_empty());
    out
}
