//! Signatures of evidence, made and verified by OpenSSH: `ssh-keygen -Y`, `man 1 ssh-keygen`.

use crate::base::RelPath;
use crate::runs::evidence::NAMESPACE;
use crate::shell::Error;
use crate::shell::process::{self, Start};
use crate::shell::write::Scratch;
use std::path::Path;
use std::time::Duration;

/// Time for one call; a key in hardware may want to be touched.
const LONGEST: Duration = Duration::from_secs(60);

/// The detached signature of bytes, in OpenSSH's armour. The key is a private one's file, or a public one's whose private
/// key an agent holds.
///
/// # Errors
/// When ssh-keygen is missing, or does not take the key.
pub fn sign(key: &Path, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let failed = |cause: String| Error::new("sign with", key, cause).for_the_user();
    let scratch = Scratch::new()?;
    let file = RelPath::parse("evidence.json").map_err(|_| failed("no name".into()))?;
    Scratch::file(scratch.path(), &file, bytes)?;
    let key = std::path::absolute(key).map_err(|cause| failed(cause.to_string()))?;
    let key = key.to_str().ok_or_else(|| failed("its path is no UTF-8".into()))?;
    let command = ["ssh-keygen", "-Y", "sign", "-f", key, "-n", NAMESPACE, "evidence.json"];
    let ran = process::run(Start {
        command: &command,
        folder: scratch.path(),
        variables: &[],
        input: "",
        timeout: LONGEST,
    })?;
    if ran.code != Some(0) {
        return Err(failed(ran.stderr.trim().to_owned()));
    }
    let signed = std::fs::File::open(scratch.path().join("evidence.json.sig"));
    let mut out = Vec::new();
    signed
        .and_then(|mut file| std::io::Read::read_to_end(&mut file, &mut out))
        .map_err(|cause| failed(cause.to_string()))?;
    Ok(out)
}

/// Who of those who may sign has signed these bytes; why nobody did. `signers` is a file of allowed signers as
/// `ssh-keygen` reads it.
///
/// # Errors
/// When ssh-keygen cannot be started.
pub fn verify(signers: &str, bytes: &str, signature: &[u8]) -> Result<Result<String, String>, Error> {
    let scratch = Scratch::new()?;
    for (name, content) in [("signers", signers.as_bytes()), ("signature", signature)] {
        let file = RelPath::parse(name).map_err(|left| Error::new("write", name, left.0))?;
        Scratch::file(scratch.path(), &file, content)?;
    }
    let call = |arguments: &[&str]| {
        let command: Vec<&str> = ["ssh-keygen", "-Y"].into_iter().chain(arguments.iter().copied()).collect();
        process::run(Start {
            command: &command,
            folder: scratch.path(),
            variables: &[],
            input: bytes,
            timeout: LONGEST,
        })
    };
    let found = call(&["find-principals", "-s", "signature", "-f", "signers"])?;
    let Some(who) = found.stdout.lines().next().map(str::trim).filter(|_| found.code == Some(0)) else {
        return Ok(Err("it is signed by nobody who may".into()));
    };
    let arguments = ["verify", "-f", "signers", "-I", who, "-n", NAMESPACE, "-s", "signature"];
    let ran = call(&arguments)?;
    if ran.code == Some(0) {
        return Ok(Ok(who.to_owned()));
    }
    let said = format!("{} {}", ran.stdout.trim(), ran.stderr.trim());
    Ok(Err(format!("its signature does not fit: {}", said.trim())))
}
