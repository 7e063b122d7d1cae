//! Sends what is planned, collects what is found, and says it.

use super::Subject;
use crate::base::{Date, plain, plain_line};
use crate::cli::check::{Format, print_findings};
use crate::cli::{Context, Exit, print_bytes};
use crate::diag::{Diagnostic, Origin, Problem, Severity, code, settle};
use crate::evidence::api::probe::{Evidence, Probed};
use crate::evidence::check;
use crate::openapi::Operation;
use crate::openapi::probe::{Answer, Case, Given, Judge, Plan, ProbeFinding, Purpose, Weight, remaining};
use crate::openapi::source::stated_limit;
use crate::report::count;
use crate::shell::disk::DiskWorld;
use crate::shell::probe::{Client, Stopwatch, wait};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;

/// Seconds that a limit may make the probe wait.
const LONGEST_WAIT: u64 = 120;
/// Requests that use one limit up, at most.
const MOST_TO_EXHAUST: u64 = 20_000;

/// What is known of one operation.
#[derive(Default)]
struct Seen {
    requests: usize,
    responses: BTreeSet<String>,
    contradictions: usize,
    /// The documented example was answered as a success.
    succeeded: bool,
}

/// One run of the probe.
pub(super) struct Run<'r, 'd> {
    context: &'r Context,
    subject: &'d Subject,
    client: &'r Client,
    base: &'r str,
    secrets: Vec<String>,
    judge: Judge<'d>,
    found: Vec<Diagnostic>,
    known: HashSet<(String, String)>,
    seen: BTreeMap<String, Seen>,
    error_codes: BTreeSet<String>,
    limits: BTreeSet<String>,
    not_judged: Vec<String>,
}

impl<'r, 'd> Run<'r, 'd> {
    pub fn new(
        context: &'r Context,
        subject: &'d Subject,
        client: &'r Client,
        base: &'r str,
        given: &Given,
    ) -> Self {
        Self {
            context,
            subject,
            client,
            base,
            secrets: given.secrets.values().chain(given.weak.values()).cloned().collect(),
            judge: Judge::new(&subject.document, subject.error_codes.as_deref()),
            found: Vec::new(),
            known: HashSet::new(),
            seen: BTreeMap::new(),
            error_codes: BTreeSet::new(),
            limits: BTreeSet::new(),
            not_judged: Vec::new(),
        }
    }

    /// Sends all requests.
    ///
    /// # Errors
    /// When the service cannot be reached at all.
    pub fn send(&mut self, plan: &Plan<'d>) -> Result<(), String> {
        let operations: BTreeSet<&str> =
            plan.cases.iter().map(|case| case.operation.at.pointer.as_str()).collect();
        self.context.say(&format!(
            "sending {} for {} to {}",
            count(plan.cases.len(), "request"),
            count(operations.len(), "operation"),
            self.base
        ));
        let progress = self.context.progress();
        for (at, case) in plan.cases.iter().enumerate() {
            progress.step("requests", plan.cases.len());
            match self.answer(case) {
                Ok(answer) => self.judge(case, &answer),
                Err(why) if at == 0 => {
                    progress.clear();
                    return Err(format!("{} cannot be reached: {why}", self.base));
                }
                // A service may close the connection on a body that it does not want to read.
                Err(why) if case.purpose == Purpose::TooLarge => {
                    self.not_judged.push(format!("{}: {}: {why}", case.operation.name(), case.title));
                }
                Err(why) => self.unanswered(case, &why),
            }
        }
        progress.clear();
        Ok(())
    }

    /// Sends one request, and again if the service asks to wait first.
    fn answer(&mut self, case: &Case<'d>) -> Result<Answer, String> {
        let answer = self.client.send(&case.sending)?;
        let seconds = answer.header("retry-after").and_then(|value| value.trim().parse::<u64>().ok());
        match seconds {
            Some(seconds) if answer.status == 429 && seconds <= LONGEST_WAIT => {
                self.judge(case, &answer);
                self.context.say(&format!("{} is limited: waiting {seconds} s", case.operation.name()));
                wait(seconds.max(1));
                self.client.send(&case.sending)
            }
            _ => Ok(answer),
        }
    }

    fn judge(&mut self, case: &Case<'d>, answer: &Answer) {
        let judgement = self.judge.judge(case, answer);
        let clean = judgement.findings.is_empty();
        let seen = self.seen.entry(case.operation.name()).or_default();
        seen.requests += 1;
        if let Some(response) = judgement.response.filter(|_| clean) {
            seen.responses.insert(response);
        }
        if matches!(case.purpose, Purpose::Example { .. }) && (200..300).contains(&answer.status) {
            seen.succeeded = true;
        }
        if clean && !crate::openapi::probe::announced(answer).is_empty() {
            self.limits.insert(case.operation.name());
        }
        self.error_codes.extend(judgement.error_code);
        self.not_judged.extend(judgement.not_judged);
        for finding in judgement.findings {
            self.add(case, finding, &shown(answer));
        }
    }

    fn unanswered(&mut self, case: &Case<'d>, why: &str) {
        let place = case.operation.place;
        let message = format!("`{}` ({}) is not answered: {why}", case.operation.name(), case.title);
        let subject = format!("{} no answer", case.operation.name());
        let problem = Problem::new(code::API_CONTRACT, place, subject, message);
        self.add(case, ProbeFinding { problem, weight: Weight::Contradiction }, "none");
    }

    /// Keeps the first of several findings that say the same of one line.
    fn add(&mut self, case: &Case<'d>, finding: ProbeFinding, answer: &str) {
        let ProbeFinding { problem, weight } = finding;
        let contradicts = weight == Weight::Contradiction;
        if contradicts {
            self.seen.entry(case.operation.name()).or_default().contradictions += 1;
        }
        // What a shared schema says is contradicted once, whichever operation shows it.
        let name = case.operation.name();
        let subject = problem.subject.strip_prefix(&name).unwrap_or(&problem.subject).to_owned();
        if !self.known.insert((subject, format!("{:?}", problem.place))) {
            return;
        }
        let Some(check) = check::find(problem.code) else { return };
        let request = case.sending.curl(self.base, &self.secrets);
        self.found.push(Diagnostic {
            code: check.code,
            group: check.group,
            severity: if contradicts { Severity::Error } else { Severity::Warning },
            origin: Origin::Change,
            message: problem.message,
            primary: problem.place,
            related: problem.related,
            help: Some(format!("{request} answers {answer}")),
            fix: None,
            subject: problem.subject,
            ordinal: 0,
            class: None,
            owner: None,
        });
    }

    /// Uses each documented limit up once, by the cheapest operation that it holds for.
    pub fn exhaust(&mut self, plan: &Plan<'d>) {
        let mut done = BTreeSet::new();
        let is_read = |case: &&Case<'_>| case.sending.method == "GET";
        let examples = || plan.cases.iter().filter(|case| matches!(case.purpose, Purpose::Example { .. }));
        for case in examples().filter(is_read).chain(examples().filter(|case| !is_read(case))) {
            let Some(Some(limit)) = stated_limit(case.operation.at.node) else { continue };
            let policy = case.operation.at.node.get("x-rate-limit").and_then(|node| node.get_text("policy"));
            let key = format!("{} {limit:?}", policy.unwrap_or_default());
            let succeeded = self.seen.get(&case.operation.name()).is_some_and(|seen| seen.succeeded);
            if succeeded && limit.requests <= MOST_TO_EXHAUST && done.insert(key) {
                self.context.say(&format!("{}: using up {}", case.operation.name(), limit.describe()));
                self.use_up(case, limit.requests, limit.window);
            }
        }
    }

    /// Sends one request until it is refused, and compares how often it was not with what is documented.
    fn use_up(&mut self, case: &Case<'d>, requests: u64, window: u64) {
        let clock = Stopwatch::start();
        let (mut allowed, mut before) = (0, None);
        let refusal = loop {
            let Ok(answer) = self.client.send(&case.sending) else { return };
            if answer.status == 429 || allowed > requests {
                break answer;
            }
            // What is left after the first answer tells how many came before it in this window.
            before = before.or_else(|| remaining(&answer).map(|left| requests.saturating_sub(left + 1)));
            allowed += 1;
        };
        self.judge(case, &refusal);
        let name = case.operation.name();
        if clock.seconds() >= window.saturating_sub(1) {
            self.not_judged.push(format!("{name}: its window ended before it was used up"));
            return;
        }
        let sent = self.seen.get(&name).map_or(0, |seen| seen.requests as u64);
        let least = requests.saturating_sub(before.unwrap_or(sent));
        if allowed <= requests && allowed >= least.min(requests) && refusal.status == 429 {
            self.limits.insert(name);
            return;
        }
        let message = format!(
            "`{name}` is documented with {requests} requests in {window} seconds; {allowed} were answered in {} seconds, then {}",
            clock.seconds(),
            refusal.status
        );
        let place = case.operation.at.node.place_of("x-rate-limit");
        let problem = Problem::new(code::API_CONTRACT, place, format!("{name} used up"), message);
        let problem = problem.related(case.operation.place, "the operation");
        self.add(case, ProbeFinding { problem, weight: Weight::Contradiction }, &shown(&refusal));
    }

    /// What was seen, to be recorded.
    pub fn evidence(&self, date: Date) -> Evidence {
        let document = &self.subject.document;
        let operations = document.operations();
        let probed = operations.iter().filter_map(|operation| {
            let seen = self.seen.get(&operation.name()).filter(|seen| seen.requests > 0)?;
            let probed = Probed {
                fingerprint: crate::evidence::api::probe::fingerprint(document, operation),
                requests: seen.requests,
                responses: seen.responses.iter().cloned().collect(),
                contradictions: seen.contradictions,
            };
            Some((operation.name(), probed))
        });
        Evidence { date, operations: probed.collect() }
    }

    /// Prints the table, the findings and the counts.
    pub fn print(&mut self, format: Format, plan: &Plan<'_>, world: &DiskWorld) -> Exit {
        settle(&mut self.found);
        let mut exit = Exit::Clean;
        if format == Format::Terminal {
            exit = exit.and(print_bytes(self.table(plan).as_bytes()));
        }
        exit = exit.and(print_findings(self.context, format, &self.found, world));
        for why in &self.not_judged {
            self.context.say(&format!("not judged: {why}"));
        }
        for skipped in &plan.skipped {
            self.context.say(&format!("not judged: {}: {}", skipped.operation, skipped.reason));
        }
        self.context.say_bold(&self.counts(), "");
        let contradicted = self.found.iter().any(|found| found.severity == Severity::Error);
        if contradicted { exit.and(Exit::Findings) } else { exit }
    }

    fn counts(&self) -> String {
        let requests: usize = self.seen.values().map(|seen| seen.requests).sum();
        let seen: usize = self.seen.values().map(|seen| seen.responses.len()).sum();
        let operations = self.subject.document.operations();
        let documented: usize =
            operations.iter().map(|one| one.responses(&self.subject.document).len()).sum();
        let succeeded = self.seen.values().filter(|seen| seen.succeeded).count();
        let mut out = format!(
            "{}; {succeeded} of {} answered with success; {seen} of {documented} documented responses seen as documented",
            count(requests, "request"),
            count(operations.len(), "operation"),
        );
        let codes = self.judge.codes();
        if !codes.is_empty() {
            let _ = write!(out, "; {} of {} error codes seen", self.error_codes.len(), codes.len());
        }
        let limited = |operation: &&Operation<'_>| matches!(stated_limit(operation.at.node), Some(Some(_)));
        let stated = operations.iter().filter(limited).count();
        if stated > 0 {
            let held =
                operations.iter().filter(limited).filter(|one| self.limits.contains(&one.name())).count();
            let _ = write!(out, "; {held} of {stated} rate limits announced as documented");
        }
        let errors = self.found.iter().filter(|found| found.severity == Severity::Error).count();
        let _ = write!(
            out,
            "; {}, {}",
            count(errors, "contradiction"),
            count(self.found.len() - errors, "doubt")
        );
        out
    }

    /// One line for each operation: what was seen, and what was not.
    fn table(&self, plan: &Plan<'_>) -> String {
        let operations = self.subject.document.operations();
        let width =
            operations.iter().map(|operation| operation.name().chars().count()).max().unwrap_or(0).min(50);
        let mut out = String::new();
        for operation in &operations {
            let name = operation.name();
            let Some(seen) = self.seen.get(&name) else { continue };
            let missing: Vec<&str> = operation
                .responses(&self.subject.document)
                .iter()
                .map(|response| response.status)
                .filter(|status| !seen.responses.contains(*status))
                .collect();
            let proven: Vec<&str> = seen.responses.iter().map(String::as_str).collect();
            let verdict = if seen.contradictions > 0 { "contradicted" } else { "as documented" };
            let _ = write!(
                out,
                "{:width$}  {:>12}  {verdict}: {}",
                plain_line(&name),
                count(seen.requests, "request"),
                plain(&proven.join(" "))
            );
            if !missing.is_empty() {
                let _ = write!(out, "; not seen: {}", plain(&missing.join(" ")));
            }
            out.push('\n');
        }
        if !plan.cases.is_empty() {
            out.push('\n');
        }
        out
    }
}

/// An answer, short: its status and the beginning of its body.
fn shown(answer: &Answer) -> String {
    let body = String::from_utf8_lossy(&answer.body);
    let mut text: String = body.chars().take(300).collect();
    if text.len() < body.len() {
        text.push('…');
    }
    let text = text.trim().replace(|c: char| c.is_control(), " ");
    if text.is_empty() { answer.status.to_string() } else { format!("{}: {text}", answer.status) }
}
