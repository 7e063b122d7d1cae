//! Asks hosts for links: HEAD, then GET; one request at a time to a host, hosts side by side; redirects followed here,
//! one by one, so that each step is judged.

use super::http::{Client, Failure, Method, Reply};
use crate::evidence::external::{Address, Answer, has_fragment, is_shown_by_scripts};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

/// Hosts asked at the same time.
const HOSTS: usize = 16;
/// Redirects followed: what browsers do.
const MOST_REDIRECTS: usize = 10;
/// A host that asks to wait longer than this is left for another day.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// A host that gives no answer this often in a row is not asked further.
const MOST_SILENCES: u32 = 3;

/// How hosts are treated.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two requests to one host.
    pub pause: Duration,
    /// How often a request is repeated.
    pub retries: u32,
}

/// Fragments wanted of an address; without a fragment, none.
pub type Wanted = BTreeMap<Address, BTreeSet<Option<String>>>;

/// One address and its fragments.
type Link<'w> = (&'w Address, &'w BTreeSet<Option<String>>);

/// What became of each address and fragment.
pub type Answers = BTreeMap<(Address, Option<String>), Answer>;

/// Asks for all addresses.
pub fn ask(client: &Client, wanted: &Wanted, pace: Pace, step: &(dyn Fn(usize) + Sync)) -> Answers {
    let mut hosts: BTreeMap<&str, Vec<Link<'_>>> = BTreeMap::new();
    for (address, fragments) in wanted {
        hosts.entry(address.host()).or_default().push((address, fragments));
    }
    let mut queue: Vec<_> = hosts.into_values().collect();
    // The longest last, since the queue is taken from its end: the host with most links decides how long it takes.
    queue.sort_by_key(Vec::len);
    let queue = Mutex::new(queue);
    let answers = Mutex::new(Answers::new());
    let next = || queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
    let work = || {
        while let Some(links) = next() {
            let mut host = Host { client, pace, silent: BTreeMap::new(), first: true };
            for (address, fragments) in links {
                let found = host.link(address, fragments);
                step(wanted.len());
                let mut answers = answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                answers.extend(
                    found.into_iter().map(|(fragment, answer)| ((address.clone(), fragment), answer)),
                );
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..HOSTS.min(wanted.len()) {
            scope.spawn(work);
        }
    });
    answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// One host, and how it has behaved.
struct Host<'c> {
    client: &'c Client,
    pace: Pace,
    /// Requests in a row without an answer, by host (redirects lead to others), and why the last had none.
    silent: BTreeMap<String, (u32, Failure)>,
    first: bool,
}

/// The end of a chain of redirects.
struct Arrived {
    reply: Reply,
    /// Where it is, if every step on the way was for good.
    moved: Option<String>,
}

impl Host<'_> {
    fn link(
        &mut self,
        address: &Address,
        fragments: &BTreeSet<Option<String>>,
    ) -> Vec<(Option<String>, Answer)> {
        let body = fragments.iter().flatten().any(|fragment| !is_shown_by_scripts(fragment));
        let same = |answer: Answer| fragments.iter().map(|f| (f.clone(), answer.clone())).collect();
        let arrived = match self.arrive(address, body) {
            Ok(arrived) => arrived,
            Err(answer) => return same(answer),
        };
        let status = arrived.reply.status;
        let one = |fragment: &Option<String>| {
            let moved = arrived.moved.as_ref().map(|moved| match fragment {
                Some(fragment) => format!("{moved}#{fragment}"),
                None => moved.clone(),
            });
            match fragment {
                Some(name) if is_shown_by_scripts(name) || !arrived.reply.html => Answer::Good(status, moved),
                Some(name) if !has_fragment(&arrived.reply.body, name) => {
                    Answer::Bad(format!("the page has no `#{name}`"))
                }
                _ => Answer::Good(status, moved),
            }
        };
        fragments.iter().map(|fragment| (fragment.clone(), one(fragment))).collect()
    }

    /// Follows redirects to an answer that is good.
    fn arrive(&mut self, start: &Address, body: bool) -> Result<Arrived, Answer> {
        let mut at = start.clone();
        let mut for_good = true;
        let mut seen = BTreeSet::new();
        for _ in 0..=MOST_REDIRECTS {
            if !seen.insert(at.clone()) {
                return Err(Answer::Bad("it redirects in a circle".into()));
            }
            let reply = self.settled(&at, body)?;
            let next = match (reply.status, &reply.location) {
                (301 | 302 | 303 | 307 | 308, Some(location)) => location,
                (200..=299, _) => {
                    let moved = (for_good && at != *start).then(|| at.to_string());
                    return Ok(Arrived { reply, moved });
                }
                (status, _) => return Err(verdict(status)),
            };
            for_good &= matches!(reply.status, 301 | 308);
            at =
                at.join(next).ok_or_else(|| Answer::Bad(format!("it redirects to `{}`", shortened(next))))?;
        }
        Err(Answer::Bad(format!("it redirects more than {MOST_REDIRECTS} times")))
    }

    /// One step, repeated while that may help.
    fn settled(&mut self, address: &Address, body: bool) -> Result<Reply, Answer> {
        for attempt in 0..=self.pace.retries {
            let last_time = attempt == self.pace.retries;
            let wait = match self.once(address, body) {
                Ok(reply) if !matches!(reply.status, 429 | 500 | 502..=504) => return Ok(reply),
                Ok(reply) => {
                    let asked = reply.retry_after.map(Duration::from_secs);
                    if last_time || asked.is_some_and(|wait| wait > LONGEST_WAIT) {
                        return Ok(reply);
                    }
                    asked.unwrap_or_else(|| self.backoff(attempt))
                }
                Err(failure) => {
                    let may_pass = !matches!(failure, Failure::Private | Failure::NoHost);
                    if last_time || !may_pass || self.given_up(address).is_some() {
                        return Err(silence(&failure));
                    }
                    self.backoff(attempt)
                }
            };
            std::thread::sleep(wait);
        }
        Err(Answer::Unknown("it was not asked".into()))
    }

    /// Why a host is not asked further.
    fn given_up(&self, address: &Address) -> Option<Failure> {
        self.silent
            .get(address.host())
            .filter(|(times, _)| *times >= MOST_SILENCES)
            .map(|(_, last)| last.clone())
    }

    fn backoff(&self, attempt: u32) -> Duration {
        self.pace.pause.saturating_mul(8 << attempt.min(6)).min(LONGEST_WAIT)
    }

    /// HEAD, and GET where that says nothing good: many servers answer HEAD with an error.
    fn once(&mut self, address: &Address, body: bool) -> Result<Reply, Failure> {
        if let Some(last) = self.given_up(address) {
            return Err(last);
        }
        let head = if body { None } else { Some(self.request(Method::Head, address, false)) };
        match head {
            Some(Ok(reply)) if reply.status < 400 || reply.status == 429 => Ok(reply),
            // A server that hangs up on HEAD may still answer GET.
            None | Some(Ok(_) | Err(Failure::Other(_))) => self.request(Method::Get, address, body),
            Some(Err(failure)) => Err(failure),
        }
    }

    fn request(&mut self, method: Method, address: &Address, body: bool) -> Result<Reply, Failure> {
        if !std::mem::replace(&mut self.first, false) {
            std::thread::sleep(self.pace.pause);
        }
        let outcome = self.client.ask(method, &address.to_string(), address.host(), body);
        match &outcome {
            Ok(_) => drop(self.silent.remove(address.host())),
            Err(Failure::Private) => {}
            Err(failure) => {
                let before = self.silent.get(address.host()).map_or(0, |(times, _)| *times);
                self.silent.insert(address.host().to_owned(), (before + 1, failure.clone()));
            }
        }
        outcome
    }
}

/// What an error status says about a link.
fn verdict(status: u16) -> Answer {
    let name = match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        410 => "Gone",
        429 => "Too Many Requests",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    };
    let said = format!("{status} {name}").trim_end().to_owned();
    match status {
        // 999 is LinkedIn's answer to programs. Who must log in or be a person may well find the page.
        401 | 402 | 403 | 405 | 406 | 407 | 429 | 451 | 999 => Answer::Unknown(said),
        _ => Answer::Bad(said),
    }
}

fn silence(failure: &Failure) -> Answer {
    match failure {
        Failure::Private => {
            Answer::Unknown("its address is not public; `--allow-private` asks it all the same".into())
        }
        Failure::NoHost => Answer::Bad("there is no such host".into()),
        Failure::Timeout => Answer::Bad("no answer in time".into()),
        Failure::Other(said) => Answer::Bad(format!("no answer: {}", shortened(said))),
    }
}

/// What a stranger's server says, on one line and not too long.
fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
