//! A running supervisor, as its parent sees it.

use super::descendants;
use super::talk::{Answer, Ended, Request, Script};
use crate::shell::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a supervisor may take to stand, or to end what is left.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often whoever waits looks around.
const PULSE: Duration = Duration::from_millis(50);

/// A supervisor; all that lives under it ends when it is dropped.
pub(super) struct Handle {
    child: Child,
    input: Option<ChildStdin>,
    answers: Receiver<Answer>,
    /// What it says on standard error: nothing, unless something is wrong with it.
    said: Option<JoinHandle<String>>,
}

impl Handle {
    /// Starts one.
    ///
    /// # Errors
    /// When it cannot be started, with what it or its sandbox said.
    pub fn start(mut command: Command) -> Result<Self, Error> {
        let failed = |cause: String| Error::new("start", "the supervisor of the steps", cause);
        // Should the supervisor itself be ended by force, its orphans come to us.
        descendants::adopt_orphans().map_err(|cause| failed(cause.to_string()))?;
        let mut child = command.spawn().map_err(|cause| failed(cause.to_string()))?;
        let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            let mut output = output.map(BufReader::new);
            let mut line = String::new();
            while let Some(output) = &mut output {
                line.clear();
                if !output.read_line(&mut line).is_ok_and(|read| read > 0) {
                    break;
                }
                let Ok(answer) = serde_json::from_str(&line) else { break };
                if sender.send(answer).is_err() {
                    break;
                }
            }
        });
        let said = std::thread::spawn(move || {
            let mut said = String::new();
            let _ = errors.map(|errors| errors.take(4_096).read_to_string(&mut said));
            said
        });
        let mut handle = Self { child, input, answers, said: Some(said) };
        match handle.answers.recv_timeout(PATIENCE) {
            Ok(Answer::Ready) => Ok(handle),
            Ok(Answer::Refused(why)) => Err(failed(why)),
            _ => Err(failed(handle.last_words())),
        }
    }

    /// How it ended, and what it or its sandbox said. Only to be asked when it has ended, or is to.
    fn last_words(&mut self) -> String {
        self.input = None;
        let status = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        let said = self.said.take().and_then(|said| said.join().ok()).unwrap_or_default();
        if said.trim().is_empty() { format!("it ended with {status}") } else { said.trim().to_owned() }
    }

    /// Runs a step to its end. `look` is called again and again, with a line that the step has just written, if there is
    /// one; once it says so, the step is ended.
    ///
    /// # Errors
    /// When the supervisor is gone.
    pub fn run(
        &mut self,
        script: Script,
        look: &mut dyn FnMut(Option<&str>) -> bool,
    ) -> Result<Ended, Error> {
        self.ask(&Request::Run(script))?;
        let mut stopped = false;
        loop {
            let line = match self.answers.recv_timeout(PULSE) {
                Ok(Answer::Ended(ended)) => return Ok(*ended),
                Ok(Answer::Refused(why)) => return Err(Error::new("run", "a step", why)),
                Ok(Answer::Line(line)) => Some(line),
                Ok(Answer::Ready | Answer::Gone) | Err(RecvTimeoutError::Disconnected) => {
                    let why = format!("the supervisor of the steps was ended: {}", self.last_words());
                    return Err(Error::new("run", "a step", why));
                }
                Err(RecvTimeoutError::Timeout) => None,
            };
            if look(line.as_deref()) && !stopped {
                stopped = true;
                self.ask(&Request::Stop)?;
            }
        }
    }

    /// Ends all that is left.
    pub fn end(mut self) {
        if self.ask(&Request::End).is_ok() {
            // Dropping it does the rest, whatever it answers.
            let _ = self.answers.recv_timeout(PATIENCE);
        }
    }

    fn ask(&mut self, request: &Request) -> Result<(), Error> {
        let failed = |cause: String| Error::new("ask", "the supervisor of the steps", cause);
        let Some(input) = &mut self.input else { return Err(failed("it has ended".into())) };
        let mut line = serde_json::to_string(request).map_err(|cause| failed(cause.to_string()))?;
        line.push('\n');
        input
            .write_all(line.as_bytes())
            .and_then(|()| input.flush())
            .map_err(|cause| failed(cause.to_string()))
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // Its input ends, so it ends everything, and itself.
        self.input = None;
        let _ = self.child.wait();
        // Were it ended by force, what lived under it is ours now.
        descendants::kill(None, &std::collections::HashSet::new());
    }
}
