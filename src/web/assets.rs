//! The files that pages need, inside the binary, under names that change with their content.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
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
    mime: String,
}

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
        let mut assets = Self { by_address: HashMap::new(), addresses: HashMap::new() };
        for name in Site::iter() {
            let Some(file) = Site::get(&name) else { continue };
            let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&file.data));
            let key = format!("{}/{name}", &digest[..HASH_DIGITS]);
            let mime = mime_guess::from_path(name.as_ref()).first_or_octet_stream().to_string();
            assets.addresses.insert(name.to_string(), format!("/assets/{key}"));
            assets.by_address.insert(key, Asset { bytes: file.data, mime });
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
pub async fn asset(State(app): State<App>, Path(key): Path<String>) -> Response {
    serve(&app, &key, "public, max-age=31536000, immutable")
}

/// GET /robots.txt and /favicon.ico: the addresses that browsers and crawlers guess.
pub async fn well_known(State(app): State<App>, uri: axum::http::Uri) -> Response {
    let address = app.assets.address(uri.path().trim_start_matches('/'));
    serve(&app, address.trim_start_matches("/assets/"), "public, max-age=86400")
}

fn serve(app: &App, key: &str, cache: &'static str) -> Response {
    match app.assets.by_address.get(key) {
        Some(asset) => {
            let headers = [(header::CONTENT_TYPE, asset.mime.clone()), (header::CACHE_CONTROL, cache.to_owned())];
            (headers, asset.bytes.clone().into_owned()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
