//! What stands before all routes: who may ask, and counting.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::access::Access;
use super::address::Address;
use super::problem::{Code, Problem};
use super::shared::Shared;

/// What anyone may ask who can connect: nothing of a caller's is in it.
const OPEN: [&str; 4] = ["/", "/healthz", "/readyz", "/openapi.json"];

/// Lets requests pass, and counts them.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = path.unwrap_or_else(|| "other".to_owned());
    let mut response = match check(&shared, &path, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    if let Some(code) = response.extensions().get::<Code>() {
        shared.metrics.failed(*code);
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    shared.metrics.answered(&path, response.status().as_u16(), began.elapsed());
    response
}

fn check(shared: &Shared, path: &str, request: &Request) -> Result<(), Problem> {
    let (options, headers) = (&shared.options, request.headers());
    match (&options.access, &options.address) {
        (Access::Token(token), _) => {
            let secret = bearer(headers);
            if !OPEN.contains(&path) && !secret.is_some_and(|secret| token.is(secret)) {
                let found = if secret.is_some() { "another one" } else { "none" };
                return Err(Problem::new(
                    Code::Unauthorized,
                    format!("expected the token (Authorization: Bearer TOKEN), found {found}"),
                ));
            }
        }
        (Access::Local, Address::Tcp(_)) => {
            let host = host(headers, request.uri());
            if let Some(host) = host.filter(|host| !is_ours(host, &options.hosts)) {
                let detail = format!(
                    "expected localhost or a loopback address as Host, found {host:?}; --host lets other names pass"
                );
                return Err(Problem::new(Code::WrongHost, detail));
            }
        }
        (Access::Local, Address::Unix(_)) | (Access::Anyone, _) => {}
    }
    // Such a page could not read the answer, but make the server work.
    if is_of_another_site(request) {
        return Err(Problem::new(Code::CrossSite, "expected a page of this server, found a request of another site"));
    }
    Ok(())
}

/// The secret that a request brings.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(secret.trim())
}

/// Whether a page of another site wants something done.
pub(crate) fn is_of_another_site(request: &Request) -> bool {
    let site = request.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    request.method() == Method::POST && matches!(site, Some("cross-site" | "same-site"))
}

/// The name by which a request asks for the server, without the port; requests without one are not those of browsers.
pub(crate) fn host(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let named = headers.get(header::HOST).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let name = named.or_else(|| uri.authority().map(ToString::to_string))?;
    let name = match name.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => &name,
    };
    Some(name.to_ascii_lowercase())
}

/// Whether a name is one of this machine, or one of some more.
pub(crate) fn is_ours(host: &str, more: &[String]) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let is_loopback = address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    is_loopback
        || host == "localhost"
        || host.ends_with(".localhost")
        || more.iter().any(|name| name.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_pass() {
        for (sent, passes) in [
            ("localhost", true),
            ("LOCALHOST:8019", true),
            ("127.0.0.1:8019", true),
            ("127.1.2.3", true),
            ("[::1]:8019", true),
            ("[::1]", true),
            ("news.example:80", true),
            ("evil.example", false),
            ("localhost.evil.example:8019", false),
            ("127.0.0.1.evil.example", false),
            ("10.0.0.1:8019", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(sent))]);
            let host = host(&headers, &Uri::from_static("/")).expect("there is one");
            assert_eq!(is_ours(&host, &["news.example".to_owned()]), passes, "{sent}");
        }
    }
}
