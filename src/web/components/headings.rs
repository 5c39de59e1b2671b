//! Headings.

use leptos::prelude::*;

use super::filled;

/// How large a heading looks; its level is told apart from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// For the first page of the site.
    Xl,
    /// A page's heading.
    #[default]
    L,
    /// A section's heading.
    M,
    /// A part of a section.
    S,
}

impl Size {
    fn heading_class(self) -> &'static str {
        match self {
            Size::Xl => "govuk-heading-xl",
            Size::L => "govuk-heading-l",
            Size::M => "govuk-heading-m",
            Size::S => "govuk-heading-s",
        }
    }

    fn caption_class(self) -> &'static str {
        match self {
            Size::Xl => "govuk-caption-xl",
            Size::L => "govuk-caption-l",
            Size::M | Size::S => "govuk-caption-m",
        }
    }
}

/// A heading: `<h1>` unless another level is given.
#[component]
pub fn Heading(
    /// The heading itself.
    #[prop(into)]
    text: String,
    /// A line above it that says where we are.
    #[prop(optional, into)]
    caption: String,
    /// 1 to 4.
    #[prop(default = 1)]
    level: u8,
    /// How large it looks; by default large for level 1, medium for 2, small below.
    #[prop(optional)]
    size: Option<Size>,
    /// An anchor, when something links here.
    #[prop(optional, into)]
    id: String,
) -> impl IntoView {
    let size = size.unwrap_or(match level {
        1 => Size::L,
        2 => Size::M,
        _ => Size::S,
    });
    let class = size.heading_class();
    let id = filled(id);
    let caption = filled(caption).map(|caption| view! { <span class=size.caption_class()>{caption}</span> });
    match level {
        1 => view! { {caption} <h1 id=id class=class>{text}</h1> }.into_any(),
        2 => view! { {caption} <h2 id=id class=class>{text}</h2> }.into_any(),
        3 => view! { {caption} <h3 id=id class=class>{text}</h3> }.into_any(),
        _ => view! { {caption} <h4 id=id class=class>{text}</h4> }.into_any(),
    }
}
