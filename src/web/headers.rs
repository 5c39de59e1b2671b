//! Headers that every response carries, errors and files included.

use crate::server::state::App;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// The content security policy: nothing inline, nothing from elsewhere. Scripts only on pages with an island, where
/// `nonce` names the one inline module that starts them and WebAssembly may be compiled.
pub fn content_security_policy(nonce: Option<&str>) -> String {
    let common = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; img-src 'self'; \
                  font-src 'self'; style-src 'self'; manifest-src 'self'";
    match nonce {
        None => common.to_owned(),
        Some(nonce) => {
            format!("{common}; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; connect-src 'self'")
        }
    }
}

/// Two years, as the preload lists ask.
const STRICT_TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Adds the headers that are not there yet.
pub async fn security_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut fill = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    fill(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    fill(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    fill(header::X_FRAME_OPTIONS, "DENY");
    fill(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    fill(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    fill(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(None)) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if app.config.is_secure() {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(STRICT_TRANSPORT);
    }
    response
}
