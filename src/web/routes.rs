//! The route table's type: each line names method, address, who may use it and the handler; a guard holds the
//! second, and tests read the lines.

use super::{
    access::{Access, decide_access},
    error::PageError,
    submitted::Submitted,
    viewer::Viewer,
};
use crate::server::state::App;
use axum::{
    Router,
    extract::{FromRequest, FromRequestParts, RawPathParams, Request, State},
    handler::Handler,
    http::{Method, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use futures::future::BoxFuture;
use sea_orm::DbErr;

/// Finds out who is behind a request's cookies.
pub type ViewerLoader = for<'a> fn(&'a App, &'a axum::http::HeaderMap) -> BoxFuture<'a, Result<Viewer, DbErr>>;

/// Put into requests for pages that have an island.
#[derive(Clone, Copy)]
pub struct HasIsland;

/// One line of the table, for tests and for the list of pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteLine {
    /// GET or POST.
    pub method: Method,
    /// The address, with `{names}` for its parts.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// Whether the page has an island, and so a script.
    pub has_island: bool,
}

/// The table while it is written.
pub struct Routes {
    router: Router<App>,
    lines: Vec<RouteLine>,
    app: App,
    load_viewer: ViewerLoader,
}

#[derive(Clone)]
struct Guard {
    app: App,
    access: Access,
    has_island: bool,
    load_viewer: ViewerLoader,
}

impl Routes {
    /// An empty table.
    pub fn new(app: App, load_viewer: ViewerLoader) -> Self {
        Self { router: Router::new(), lines: Vec::new(), app, load_viewer }
    }

    /// A page or download.
    pub fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.line(Method::GET, path, access, false, on(MethodFilter::GET, handler))
    }

    /// A page with an island.
    pub fn island<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.line(Method::GET, path, access, true, on(MethodFilter::GET, handler))
    }

    /// A form's target.
    pub fn post<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.line(Method::POST, path, access, false, on(MethodFilter::POST, handler))
    }

    /// A form's target whose refused form is shown again on a page with an island.
    pub fn post_island<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.line(Method::POST, path, access, true, on(MethodFilter::POST, handler))
    }

    fn line(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        has_island: bool,
        handler: MethodRouter<App>,
    ) -> Self {
        let guard = Guard { app: self.app.clone(), access, has_island, load_viewer: self.load_viewer };
        self.router = self.router.route(path, handler.layer(from_fn_with_state(guard, hold)));
        self.lines.push(RouteLine { method, path, access, has_island });
        self
    }

    /// The router and the lines that it was made of.
    pub fn finish(self) -> (Router<App>, Vec<RouteLine>) {
        (self.router, self.lines)
    }
}

/// Lets through whom the line allows. The viewer goes with the request to the handler, and with the response to the
/// error pages.
async fn hold(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let viewer = match (guard.load_viewer)(&guard.app, request.headers()).await {
        Ok(viewer) => viewer,
        Err(error) => return PageError::from(error).into_response(),
    };
    let mut response = match decide_access(guard.access, &viewer, guard.app.config.demo) {
        Err(PageError::SignIn) if request.method() == Method::POST => unsent(request, &guard.app).await,
        Err(refusal) => refusal.into_response(),
        Ok(()) => {
            let (mut parts, body) = request.into_parts();
            if names_an_object(&mut parts).await {
                parts.extensions.insert(viewer.clone());
                if guard.has_island {
                    parts.extensions.insert(HasIsland);
                }
                next.run(Request::from_parts(parts, body)).await
            } else {
                PageError::NotFound.into_response()
            }
        }
    };
    response.extensions_mut().insert(viewer);
    response
}

/// Whether the address can name an object at all. What cannot is no mistake in a form, of which the handler's own
/// extractor would speak, but a page that is not there.
async fn names_an_object(parts: &mut Parts) -> bool {
    // PostgreSQL takes this character in no text.
    if parts.uri.path().contains("%00") {
        return false;
    }
    // Fails where a part is no UTF-8.
    let Ok(names) = RawPathParams::from_request_parts(parts, &()).await else { return false };
    names.iter().all(|(name, value)| match name {
        "id" | "role" | "reserved" => value.parse::<i64>().is_ok(),
        "position" => value.parse::<i32>().is_ok(),
        _ => true,
    })
}

/// Asks somebody to sign in who has just sent a form, and keeps what they typed for the page that says so.
async fn unsent(request: Request, app: &App) -> Response {
    let mut response = PageError::SignIn.into_response();
    if let Ok(Submitted(form)) = Submitted::from_request(request, app).await {
        response.extensions_mut().insert(form);
    }
    response
}
