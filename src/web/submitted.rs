//! Reading a submitted form: every field as text, in order, so that nothing a person typed can fail before the
//! rules see it.

use super::{error::PageError, form::FormState};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

/// The fields of a POST with `application/x-www-form-urlencoded`.
pub struct Submitted(pub FormState);

impl<S: Send + Sync> FromRequest<S> for Submitted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let is_form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
        if !is_form {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        let fields: Vec<(String, String)> =
            serde_urlencoded::from_bytes(&body).map_err(|_| StatusCode::BAD_REQUEST.into_response())?;
        if fields.iter().any(|(_, value)| value.contains('\0')) {
            return Err(PageError::Conflict(
                "The form held a character that no keyboard has. Nothing was changed.".into(),
            )
            .into_response());
        }
        Ok(Self(FormState::new(fields)))
    }
}
