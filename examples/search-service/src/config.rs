//! What the service is told by its environment. Every setting has a default that works on one machine.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// What a caller may do. Each role may do what the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Read documents, search, ask for suggestions and answers.
    Reader,
    /// Write documents, too.
    Writer,
}

/// One line of `SEARCH_API_KEYS` or `SEARCH_TOKENS`.
#[derive(Clone)]
pub struct Credential {
    /// Names the caller in limits and metrics.
    pub caller: String,
    /// What it may do.
    pub role: Role,
    /// What it must send.
    pub secret: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:?}:(secret)", self.caller, self.role)
    }
}

/// Where answers come from.
#[derive(Clone, Debug)]
pub struct ModelConfig {
    /// Address of a server with an OpenAI-compatible `/chat/completions`, plain HTTP.
    pub url: String,
    /// The model's name, as the server knows it.
    pub model: String,
    /// Sent as a bearer token, if there is one.
    pub key: Option<String>,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// All settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the service listens; port 0 takes a free one.
    pub address: SocketAddr,
    /// `sqlite:FILE`, `sqlite::memory:` or `postgres://…`.
    pub database_url: String,
    /// The most connections to the database.
    pub pool_size: u32,
    /// How long a request waits for a connection.
    pub pool_timeout: Duration,
    /// The most search results that are kept in memory; 0 keeps none.
    pub cache_entries: usize,
    /// Callers with `X-API-Key`.
    pub api_keys: Vec<Credential>,
    /// Callers with `Authorization: Bearer`.
    pub tokens: Vec<Credential>,
    /// A language model over HTTP; without one, the built-in stand-in answers.
    pub model: Option<ModelConfig>,
    /// Whether an empty database is filled with the demonstration's documents.
    pub seed: bool,
    /// The release that `/health` names; the package's version, if nothing else is set.
    pub release: String,
}

/// A setting that cannot be used.
#[derive(Debug)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// Keys and tokens of the demonstration. They work only while the service listens on the loopback interface.
const DEMO_KEYS: &str = "demo-reader:reader:demo-reader-key,demo-writer:writer:demo-writer-key";
const DEMO_TOKENS: &str = "demo-app:reader:demo-app-token";

impl Config {
    /// Reads the settings from variables that begin with `SEARCH_`.
    ///
    /// # Errors
    ///
    /// A setting that cannot be used, and demonstration keys on an address that others can reach.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(&std::env::vars().filter(|(name, _)| name.starts_with("SEARCH_")).collect())
    }

    /// Reads the settings from a map of variables.
    ///
    /// # Errors
    ///
    /// As [`Config::from_env`].
    pub fn from_variables(variables: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let get = |name: &str| variables.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let address: SocketAddr = parse("SEARCH_ADDRESS", get("SEARCH_ADDRESS").unwrap_or("127.0.0.1:8080"))?;
        let demo = get("SEARCH_API_KEYS").is_none() && get("SEARCH_TOKENS").is_none();
        if demo && !address.ip().is_loopback() {
            return Err(ConfigError(format!(
                "SEARCH_ADDRESS={address} can be reached from elsewhere: set SEARCH_API_KEYS or SEARCH_TOKENS"
            )));
        }
        let default = |value: &'static str| if demo { value } else { "" };
        let milliseconds = |name: &str, default: &str| -> Result<Duration, ConfigError> {
            Ok(Duration::from_millis(parse(name, get(name).unwrap_or(default))?))
        };
        let model = match get("SEARCH_LLM_URL") {
            None => None,
            Some(url) => Some(ModelConfig {
                url: url.to_owned(),
                model: get("SEARCH_LLM_MODEL").unwrap_or("default").to_owned(),
                key: get("SEARCH_LLM_KEY").map(str::to_owned),
                timeout: milliseconds("SEARCH_LLM_TIMEOUT_MS", "10000")?,
            }),
        };
        Ok(Self {
            address,
            database_url: get("SEARCH_DATABASE_URL").unwrap_or("sqlite:search.db").to_owned(),
            pool_size: parse("SEARCH_POOL_SIZE", get("SEARCH_POOL_SIZE").unwrap_or("8"))?,
            pool_timeout: milliseconds("SEARCH_POOL_TIMEOUT_MS", "2000")?,
            cache_entries: parse("SEARCH_CACHE_ENTRIES", get("SEARCH_CACHE_ENTRIES").unwrap_or("1000"))?,
            api_keys: credentials("SEARCH_API_KEYS", get("SEARCH_API_KEYS").unwrap_or(default(DEMO_KEYS)))?,
            tokens: credentials("SEARCH_TOKENS", get("SEARCH_TOKENS").unwrap_or(default(DEMO_TOKENS)))?,
            model,
            seed: match get("SEARCH_SEED").unwrap_or("demo") {
                "demo" => true,
                "none" => false,
                other => return Err(ConfigError(format!("SEARCH_SEED={other}: use demo or none"))),
            },
            release: get("SEARCH_RELEASE").unwrap_or(env!("CARGO_PKG_VERSION")).to_owned(),
        })
    }
}

fn parse<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, ConfigError>
where
    T::Err: fmt::Display,
{
    value.parse().map_err(|error| ConfigError(format!("{name}={value}: {error}")))
}

/// `caller:role:secret`, separated by commas. The value is not repeated in errors: it holds secrets.
fn credentials(name: &str, value: &str) -> Result<Vec<Credential>, ConfigError> {
    value
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .map(|entry| {
            let mut parts = entry.splitn(3, ':');
            let (caller, role, secret) = (parts.next(), parts.next(), parts.next());
            let role = match role {
                Some("reader") => Some(Role::Reader),
                Some("writer") => Some(Role::Writer),
                _ => None,
            };
            match (caller.filter(|caller| !caller.is_empty()), role, secret) {
                (Some(caller), Some(role), Some(secret)) if secret.len() >= 12 => {
                    Ok(Credential { caller: caller.to_owned(), role, secret: secret.to_owned() })
                }
                _ => Err(ConfigError(format!(
                    "{name}: each entry is caller:role:secret, with the role reader or writer and a secret of 12 or more characters"
                ))),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_variables(&variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn nothing_needs_to_be_set_on_the_loopback_interface() {
        let config = read(&[]).unwrap();
        assert_eq!(config.api_keys.len(), 2);
        assert!(config.address.ip().is_loopback() && config.seed);
    }

    #[test]
    fn demonstration_keys_never_open_a_public_address() {
        let error = read(&[("SEARCH_ADDRESS", "0.0.0.0:8080")]).unwrap_err();
        assert!(error.to_string().contains("set SEARCH_API_KEYS"), "{error}");
        let config =
            read(&[("SEARCH_ADDRESS", "0.0.0.0:8080"), ("SEARCH_API_KEYS", "a:reader:0123456789ab")])
                .unwrap();
        assert_eq!((config.api_keys.len(), config.tokens.len()), (1, 0));
    }

    #[test]
    fn an_entry_that_is_wrong_is_named_without_its_secret() {
        let error = read(&[("SEARCH_TOKENS", "app:owner:hunter2hunter2")]).unwrap_err().to_string();
        assert!(error.starts_with("SEARCH_TOKENS") && !error.contains("hunter2"), "{error}");
        assert!(!format!("{:?}", read(&[]).unwrap()).contains("demo-reader-key"));
    }
}
