//! The files that pages need, inside the binary, under names that change with their content.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::{borrow::Cow, collections::HashMap};

use crate::server::state::App;

/// Built by `make`: main.css, the island scripts, and what stands in `public/`.
#[derive(RustEmbed)]
#[folder = "target/site/"]
#[allow_missing = true]
struct Site;

/// A file and the address that names its content.
struct Asset {
    bytes: Cow<'static, [u8]>,
    /// The same, compressed by Brotli when the site was built: smaller than what there is time for per request.
    brotli: Option<Cow<'static, [u8]>>,
    mime: String,
}

/// How a compressed file's name ends.
const BROTLI: &str = ".br";

/// All files, by hashed address and by plain name.
pub struct Assets {
    by_address: HashMap<String, Asset>,
    addresses: HashMap<String, String>,
}

/// Hexadecimal digits of a file's SHA-256 in its address: enough that two contents never meet.
const HASH_DIGITS: usize = 16;

impl Assets {
    /// Reads all files once.
    pub fn load() -> Self {
        Self::of(Site::iter())
    }

    /// Reads these files once: what a machine that cannot build the others has. Names that no file has are left out.
    pub fn of(names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut assets = Self { by_address: HashMap::new(), addresses: HashMap::new() };
        for name in names {
            let name = name.as_ref();
            let Some(file) = Site::get(name).filter(|_| !name.ends_with(BROTLI)) else { continue };
            let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&file.data));
            let key = format!("{}/{name}", &digest[..HASH_DIGITS]);
            let mime = mime_guess::from_path(name).first_or_octet_stream().to_string();
            assets.addresses.insert(name.to_string(), format!("/assets/{key}"));
            let brotli = Site::get(&format!("{name}{BROTLI}")).map(|file| file.data);
            assets.by_address.insert(key, Asset { bytes: file.data, brotli, mime });
        }
        assets
    }

    /// The address of a file; a file that was not built has an address that answers 404.
    pub fn address(&self, name: &str) -> String {
        self.addresses.get(name).cloned().unwrap_or_else(|| format!("/assets/missing/{name}"))
    }

    /// Whether the island scripts were built. Without them every page still works as plain forms.
    pub fn has_islands(&self) -> bool {
        self.addresses.contains_key("pkg/learning_gain.js") && self.addresses.contains_key("pkg/learning_gain_bg.wasm")
    }

    /// Whether the styles were built.
    pub fn has_styles(&self) -> bool {
        self.addresses.contains_key("main.css")
    }
}

/// GET /assets/{hash}/{name}: may be kept for ever, because another content has another address.
pub async fn asset(State(app): State<App>, Path(key): Path<String>, headers: HeaderMap) -> Response {
    serve(&app, &key, &headers, "public, max-age=31536000, immutable")
}

/// GET /robots.txt and /favicon.ico: the addresses that browsers and crawlers guess.
pub async fn well_known(State(app): State<App>, uri: axum::http::Uri, headers: HeaderMap) -> Response {
    let address = app.assets.address(uri.path().trim_start_matches('/'));
    serve(&app, address.trim_start_matches("/assets/"), &headers, "public, max-age=86400")
}

fn serve(app: &App, key: &str, asked: &HeaderMap, cache: &'static str) -> Response {
    let Some(asset) = app.assets.by_address.get(key) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::CONTENT_TYPE, asset.mime.clone()), (header::CACHE_CONTROL, cache.to_owned())];
    match &asset.brotli {
        Some(brotli) if takes_brotli(asked) => {
            let encoded = [(header::CONTENT_ENCODING, "br"), (header::VARY, "accept-encoding")];
            (headers, encoded, brotli.clone().into_owned()).into_response()
        }
        _ => (headers, asset.bytes.clone().into_owned()).into_response(),
    }
}

/// Whether a browser says that it reads Brotli.
fn takes_brotli(asked: &HeaderMap) -> bool {
    let lists = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let is_brotli = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br"));
        let weight = parts.find_map(|part| part.strip_prefix("q=")).and_then(|weight| weight.parse::<f32>().ok());
        is_brotli && weight.is_none_or(|weight| weight > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_browser_that_reads_brotli_gets_it() {
        let asked = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, text.parse().unwrap());
            takes_brotli(&headers)
        };
        assert!(asked("gzip, deflate, br, zstd") && asked("br;q=0.5") && asked("gzip;q=1.0, BR"));
        assert!(!asked("gzip") && !asked("br;q=0") && !asked("brotli") && !takes_brotli(&HeaderMap::new()));
    }
}
