//! Posting an alert to a webhook over plain HTTP: one connection a post, with timeouts, to this machine unless told otherwise.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use serde_json::Value;

const CONNECT: Duration = Duration::from_secs(2);
const ANSWER: Duration = Duration::from_secs(5);

/// Where alerts are posted.
#[derive(Debug)]
pub(super) struct Endpoint {
    host: String,
    path: String,
    address: SocketAddr,
}

impl Endpoint {
    /// Reads `http://127.0.0.1:9000/path`. Only addresses of this machine, unless `anywhere`.
    pub fn read(url: &str, anywhere: bool) -> Result<Endpoint, String> {
        let rest = url.strip_prefix("http://").ok_or_else(|| {
            format!(
                "`{url}` cannot be posted to: write http://127.0.0.1:PORT/PATH (https needs a proxy on this machine)"
            )
        })?;
        let (host, path) = match rest.find('/') {
            Some(at) => (&rest[..at], &rest[at..]),
            None => (rest, "/"),
        };
        if host.is_empty() || host.contains('@') || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!("`{url}` is not an address: write http://127.0.0.1:PORT/PATH"));
        }
        let named_port = host
            .rsplit_once(':')
            .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let with_port = if named_port {
            host.to_owned()
        } else {
            format!("{host}:80")
        };
        let addresses = with_port
            .to_socket_addrs()
            .map_err(|error| format!("`{host}` is not found: {error}"))?;
        let address = addresses
            .into_iter()
            .next()
            .ok_or_else(|| format!("`{host}` has no address"))?;
        if !address.ip().is_loopback() && !anywhere {
            return Err(format!(
                "{host} is not this machine: a drill must not page real people by mistake; --allow-host posts there all the same"
            ));
        }
        Ok(Endpoint {
            host: host.to_owned(),
            path: path.to_owned(),
            address,
        })
    }

    /// Posts JSON; what the other side said, in a few words.
    pub fn post(&self, body: &Value) -> Result<String, String> {
        let answer = self.exchange(&body.to_string()).map_err(|error| match error.kind() {
            io::ErrorKind::ConnectionRefused => format!("nobody listens at {}", self.host),
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => format!("{} does not answer in time", self.host),
            _ => format!("{}: {error}", self.host),
        })?;
        let mut words = answer.lines().next().unwrap_or_default().split_whitespace();
        let http = words.next().is_some_and(|version| version.starts_with("HTTP/"));
        match words.next().and_then(|code| code.parse::<u16>().ok()).filter(|_| http) {
            Some(code) if (200..300).contains(&code) => Ok(code.to_string()),
            Some(code) => Err(format!("{} answers {code}", self.host)),
            None => Err(format!("{} does not speak HTTP", self.host)),
        }
    }

    fn exchange(&self, body: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&self.address, CONNECT)?;
        stream.set_write_timeout(Some(ANSWER))?;
        stream.set_read_timeout(Some(ANSWER))?;
        let request = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: escalade/{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            self.path,
            self.host,
            env!("CARGO_PKG_VERSION"),
            body.len()
        );
        stream.write_all(request.as_bytes())?;
        // The status line is all that is needed; a body of any length is left unread.
        let mut answer = Vec::new();
        let mut part = [0; 512];
        while !answer.contains(&b'\n') && answer.len() < 8192 {
            match stream.read(&mut part)? {
                0 => break,
                count => answer.extend_from_slice(&part[..count]),
            }
        }
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread;

    #[test]
    fn only_this_machine_is_posted_to() {
        assert!(Endpoint::read("http://127.0.0.1:9/x", false).is_ok());
        for (url, says) in [
            ("https://127.0.0.1/", "cannot be posted to"),
            ("http://", "is not an address"),
            ("http://user@127.0.0.1/", "is not an address"),
            ("http://127.0.0.1/a b", "is not an address"),
            ("http://192.0.2.1/", "is not this machine"),
        ] {
            let error = Endpoint::read(url, false).expect_err(url);
            assert!(error.contains(says), "{error}");
        }
        assert!(Endpoint::read("http://192.0.2.1/", true).is_ok());
    }

    #[test]
    fn an_alert_arrives_whole_and_the_answer_is_told() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = thread::spawn(move || {
            let mut bodies = Vec::new();
            for answer in ["HTTP/1.1 202 Accepted\r\n\r\n", "HTTP/1.1 500 No\r\n\r\n", "hello\r\n"] {
                let (mut stream, _) = listener.accept().expect("a client");
                let mut seen = String::new();
                let mut part = [0; 1024];
                while !seen.ends_with('}') {
                    let count = stream.read(&mut part).expect("bytes");
                    seen += &String::from_utf8_lossy(&part[..count]);
                }
                stream.write_all(answer.as_bytes()).expect("answered");
                bodies.push(seen);
            }
            bodies
        });
        let endpoint = Endpoint::read(&format!("http://127.0.0.1:{port}/v2/enqueue"), false).expect("local");
        let body = serde_json::json!({ "a": "ü" });
        assert_eq!(endpoint.post(&body), Ok("202".into()));
        assert_eq!(endpoint.post(&body), Err(format!("127.0.0.1:{port} answers 500")));
        assert_eq!(
            endpoint.post(&body),
            Err(format!("127.0.0.1:{port} does not speak HTTP"))
        );
        let bodies = server.join().expect("served");
        assert!(bodies[0].starts_with("POST /v2/enqueue HTTP/1.1\r\n") && bodies[0].contains("Content-Length: 10\r\n"));
        assert!(bodies[0].ends_with("{\"a\":\"ü\"}"));
        assert_eq!(endpoint.post(&body), Err(format!("nobody listens at 127.0.0.1:{port}")));
    }
}
