//! Requests to hosts that strangers name. Nothing here follows a redirect, keeps a cookie or sends a password, and no
//! connection is made to an address of this machine or its neighbours unless that is allowed.

use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// How a client behaves.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// For one request, its answer's body included.
    pub timeout: Duration,
    /// Whether addresses that only this machine or its network can reach may be asked.
    pub private: bool,
}

/// The two methods that change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Only the head of the answer.
    Head,
    /// All of it.
    Get,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// `Location`.
    pub location: Option<String>,
    /// `Retry-After`, in seconds; a date counts from the answer's own `Date`.
    pub retry_after: Option<u64>,
    /// Whether the content is HTML.
    pub html: bool,
    /// The body, where it was asked for, up to 4 MiB.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The address is one that must not be asked.
    Private,
    /// The name leads to no address.
    NoHost,
    /// The time was up.
    Timeout,
    /// Anything else, in the system's words.
    Other(String),
}

/// Bytes that are read of a body.
const MOST_BODY: u64 = 4 << 20;

/// An HTTP client.
pub struct Client {
    agent: ureq::Agent,
    /// For addresses of this machine and its network, which no proxy reaches.
    direct: ureq::Agent,
    manners: Manners,
}

impl Client {
    /// A client. The proxy that the environment names is used; so are the certificates of the file `SSL_CERT_FILE`,
    /// in place of Mozilla's.
    ///
    /// # Errors
    /// When that file holds no certificates.
    pub fn new(manners: Manners) -> Result<Self, super::Error> {
        let mut tls = ureq::tls::TlsConfig::builder();
        if let Some(path) = std::env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty()) {
            tls = tls.root_certs(certificates(std::path::Path::new(&path))?);
        }
        let tls = tls.build();
        let agent = |proxy: Option<ureq::Proxy>| {
            let guard = Guard { open: manners.private || proxy.is_some() };
            let config = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .max_idle_connections(0)
                .proxy(proxy)
                .user_agent(concat!("oathbook/", env!("CARGO_PKG_VERSION"), " (link checker)"))
                .accept("text/html,application/xhtml+xml,*/*;q=0.8")
                .timeout_global(Some(manners.timeout))
                .tls_config(tls.clone())
                .build();
            ureq::Agent::with_parts(config, DefaultConnector::new(), guard)
        };
        Ok(Self { agent: agent(ureq::Proxy::try_from_env()), direct: agent(None), manners })
    }

    fn agent(&self, host: &str) -> &ureq::Agent {
        let literal = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let near = host == "localhost" || literal.is_ok_and(|address| !is_public(address));
        if near { &self.direct } else { &self.agent }
    }

    /// One request; the body is read only if it is `wanted` and HTML.
    ///
    /// # Errors
    /// [`Failure`] says why there is no answer.
    pub fn ask(&self, method: Method, url: &str, host: &str, wanted: bool) -> Result<Reply, Failure> {
        // Behind a proxy no name is looked up here; what is written as a number is judged all the same.
        let literal = host.trim_matches(['[', ']']).parse::<IpAddr>();
        if !self.manners.private && literal.is_ok_and(|address| !is_public(address)) {
            return Err(Failure::Private);
        }
        let mut answer = match method {
            Method::Head => self.agent(host).head(url).call(),
            Method::Get => self.agent(host).get(url).call(),
        }
        .map_err(|error| failure(&error))?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let html = header("content-type").is_none_or(|kind| kind.contains("html"));
        let mut reply = Reply {
            status: answer.status().as_u16(),
            location: answer
                .headers()
                .get("location")
                .map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned()),
            retry_after: header("retry-after").and_then(|text| seconds(text, header("date"))),
            html,
            body: Vec::new(),
        };
        if wanted && html && method == Method::Get {
            let read = answer.body_mut().as_reader().take(MOST_BODY).read_to_end(&mut reply.body);
            read.map_err(|error| failure(&ureq::Error::from(error)))?;
        }
        Ok(reply)
    }
}

/// A request with any method, fields and body, and its answer; for services that the user names.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// The status.
    pub status: u16,
    /// The fields of the answer, names in lower case.
    pub fields: Vec<(String, String)>,
    /// The body, up to 4 MiB.
    pub body: Vec<u8>,
}

impl Client {
    /// Sends a request as it is.
    ///
    /// # Errors
    /// [`Failure`] says why there is no answer.
    pub fn send(
        &self,
        method: &str,
        url: &str,
        fields: &[(String, String)],
        body: &[u8],
    ) -> Result<Exchange, Failure> {
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        for (name, value) in fields {
            request = request.header(name, value);
        }
        let request = request.body(body.to_vec()).map_err(|error| Failure::Other(error.to_string()))?;
        let host = request.uri().host().unwrap_or("").to_owned();
        let mut answer = self.agent(&host).run(request).map_err(|error| failure(&error))?;
        let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let fields =
            answer.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        let read = answer.body_mut().as_reader().take(MOST_BODY).read_to_end(&mut body);
        read.map_err(|error| failure(&ureq::Error::from(error)))?;
        Ok(Exchange { status, fields, body })
    }
}

fn certificates(path: &std::path::Path) -> Result<ureq::tls::RootCerts, super::Error> {
    let error = |cause: String| super::Error::new("read the certificates of", path, cause).for_the_user();
    #[expect(
        clippy::disallowed_methods,
        reason = "the user's own file of certificates, named by the environment"
    )]
    let pem = std::fs::read(path).map_err(|cause| error(cause.to_string()))?;
    let items = ureq::tls::parse_pem(&pem).filter_map(|item| match item {
        Ok(ureq::tls::PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    });
    let found: Vec<_> = items.collect();
    if found.is_empty() { Err(error("it holds none".into())) } else { Ok(found.into()) }
}

/// `Retry-After`: seconds, or a date (RFC 9110, 10.2.3), which counts from the answer's `Date`.
fn seconds(text: &str, date: Option<&str>) -> Option<u64> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(seconds);
    }
    Some(http_date(text)?.saturating_sub(http_date(date?)?))
}

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that senders may use (RFC 9110, 5.6.7).
fn http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let [_, day, month, year, time, _] = words[..] else { return None };
    let month = u8::try_from(MONTHS.iter().position(|name| *name == month)? + 1).ok()?;
    let date = crate::base::Date::new(year.parse().ok()?, month, day.parse().ok()?)?;
    let mut parts = time.split(':').map(|part| part.parse::<u64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    Some(u64::try_from(date.days()).ok()? * 86_400 + hours * 3600 + minutes * 60 + seconds)
}

fn failure(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::Timeout(_) => Failure::Timeout,
        ureq::Error::HostNotFound => Failure::NoHost,
        ureq::Error::Other(inner) if inner.is::<Refused>() => Failure::Private,
        ureq::Error::Io(inner) => {
            let said = inner.to_string();
            match () {
                () if inner.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Refused>) => {
                    Failure::Private
                }
                () if said.contains("lookup address") || said.contains("No such host") => Failure::NoHost,
                () if inner.kind() == std::io::ErrorKind::TimedOut => Failure::Timeout,
                () => Failure::Other(said),
            }
        }
        other => Failure::Other(other.to_string()),
    }
}

/// Looks names up and drops addresses that are not public. The connection is made to what is left, so a name cannot
/// lead elsewhere the second time it is looked up.
#[derive(Debug)]
struct Guard {
    open: bool,
}

#[derive(Debug)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the address is not public")
    }
}

impl std::error::Error for Refused {}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let all = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut out = self.empty();
        for address in all.iter().filter(|address: &&SocketAddr| self.open || is_public(address.ip())) {
            out.push(*address);
        }
        if out.is_empty() { Err(ureq::Error::Other(Box::new(Refused))) } else { Ok(out) }
    }
}

/// Whether an address is reachable from everywhere: the registries of special addresses (IANA; RFC 6890 and its
/// successors) say which are not.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let [a, b, ..] = address.segments();
    // Global unicast is 2000::/3; inside of it lie tunnels, which carry an IPv4 address of anybody's choice, tests and
    // documentation.
    let special = (a == 0x2001 && (b < 0x200 || b == 0xdb8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    (0x2000..0x4000).contains(&a) && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        let private = "0.0.0.0 10.1.2.3 127.0.0.1 127.255.0.1 100.64.0.1 169.254.169.254 172.16.0.1 172.31.255.1 192.0.0.8 \
            192.0.2.1 192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255 \
            :: ::1 fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: \
            2001:0:1::1 2001:db8::1 100::1 ::127.0.0.1";
        for text in private.split_whitespace() {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in
            ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8"]
        {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(seconds("120", None), Some(120));
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:51:37 GMT", date), Some(120));
        assert_eq!(seconds("soon", date), None);
    }
}
