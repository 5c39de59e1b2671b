//! Venues.

use crate::{
    entity::venue,
    sessions::{rules::VenueId, store},
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use leptos::prelude::*;

/// GET /office/venues
pub async fn venue_list_page(visit: Visit) -> PageResult {
    let venues = store::venue_list(visit.db()).await?;
    Ok(visit.page(Page::new("Venues").back("/office", "Office").wide(), move || {
        let list = if venues.is_empty() {
            view! {
                <EmptyState heading="No venues yet">
                    <p class="govuk-body">"Add the rooms in which you hold sessions. Online sessions need none."</p>
                </EmptyState>
            }
            .into_any()
        } else {
            table(venues).into_any()
        };
        view! {
            <Heading text="Venues"/>
            <ButtonLink href="/office/venues/new" text="Add a venue"/>
            {list}
        }
        .into_any()
    }))
}

fn table(venues: Vec<venue::Model>) -> impl IntoView {
    let head = vec![Head::text("Name"), Head::text("Postcode"), Head::number("People"), Head::text("State")];
    let rows: Vec<Vec<Cell>> = venues
        .into_iter()
        .map(|venue| {
            let (state, colour) = match venue.closed_at {
                None => ("Open", Colour::Green),
                Some(_) => ("Closed", Colour::Orange),
            };
            vec![
                Cell::link(format!("/office/venues/{}", venue.id), venue.name),
                Cell::text(venue.postcode),
                Cell::number(venue.capacity),
                Cell::view(view! { <Tag text=state colour=colour/> }),
            ]
        })
        .collect();
    view! { <Table caption="All venues" caption_hidden=true head=head rows=rows stacked=true/> }
}

fn fields() -> impl IntoView {
    view! {
        <TextInput label="Name" name="name"/>
        <TextArea label="Street and town" name="address" rows=3/>
        <TextInput label="Postcode" name="postcode" width=Width::Chars10/>
        <TextInput label="How many people it takes" name="capacity" inputmode="numeric" width=Width::Chars4/>
        <TextArea label="Getting there (optional)" name="travel" hint="Buses, trains, parking" rows=3/>
        <TextArea label="Access (optional)" name="access" hint="Steps, lifts, hearing loop, accessible toilets, parking for disabled people" rows=3/>
    }
}

/// GET /office/venues/new
pub async fn new_venue_page(visit: Visit) -> PageResult {
    new_venue_again(visit, FormState::default()).await
}

/// The page for a new venue, as typed so far.
pub async fn new_venue_again(visit: Visit, form: FormState) -> PageResult {
    Ok(visit.page(Page::new("Add a venue").back("/office/venues", "Venues").form(form), || {
        view! {
            <Heading text="Add a venue"/>
            <PostForm action="/office/venues/new">{fields()}<Button text="Save"/></PostForm>
        }
        .into_any()
    }))
}

/// GET /office/venues/{id}
pub async fn change_venue_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let venue = store::venue_get(VenueId(id), visit.db()).await?.ok_or(PageError::NotFound)?;
    let form = FormState::default()
        .with_value("name", &venue.name)
        .with_value("address", &venue.address)
        .with_value("postcode", &venue.postcode)
        .with_value("capacity", venue.capacity.to_string())
        .with_value("travel", &venue.travel_notes)
        .with_value("access", &venue.access_notes);
    changed_venue(visit, venue, form).await
}

/// The page for a venue that is being changed, as typed so far, over what is stored now.
pub async fn changed_venue_again(visit: Visit, id: VenueId, form: FormState) -> PageResult {
    let venue = store::venue_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    changed_venue(visit, venue, form).await
}

async fn changed_venue(visit: Visit, venue: venue::Model, form: FormState) -> PageResult {
    let page = Page::new(format!("Change {}", venue.name)).back("/office/venues", "Venues").form(form);
    Ok(visit.page(page, move || {
        let action = format!("/office/venues/{}", venue.id);
        let closing = match venue.closed_at {
            None => view! {
                <p class="govuk-body">"A closed venue is no longer offered for new sessions. You can reopen it."</p>
                <ButtonLink href=format!("{action}/close") text="Close this venue" kind=ButtonKind::Secondary/>
            }
            .into_any(),
            Some(_) => view! {
                <p class="govuk-body">"This venue is closed and not offered for new sessions."</p>
                <PostButton action=format!("{action}/reopen") text="Reopen this venue" kind=ButtonKind::Secondary/>
            }
            .into_any(),
        };
        view! {
            <Heading text=venue.name.clone() caption="Change a venue"/>
            <PostForm action=action.clone() hidden=vec![("version".into(), venue.version.to_string())]>
                {fields()}
                <Button text="Save changes"/>
            </PostForm>
            {closing}
        }
        .into_any()
    }))
}

/// GET /office/venues/{id}/close
pub async fn close_venue_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let venue = store::venue_get(VenueId(id), visit.db()).await?.ok_or(PageError::NotFound)?;
    if venue.closed_at.is_some() {
        return Err(PageError::Conflict(format!("{} is already closed.", venue.name)));
    }
    let upcoming = store::venue_upcoming_count(venue.id, visit.now, visit.db()).await?;
    let back = format!("/office/venues/{id}");
    let title = format!("Close {}?", venue.name);
    Ok(visit.page(Page::new(title.clone()).back(back.clone(), venue.name), move || {
        let sessions = match upcoming {
            0 => "No published session is still to come here.".to_owned(),
            1 => "1 published session is still to come here. It stays as it is: move or cancel it if it cannot take place.".to_owned(),
            count => format!("{count} published sessions are still to come here. They stay as they are: move or cancel those that cannot take place."),
        };
        view! {
            <Heading text=title/>
            <p class="govuk-body">{sessions}</p>
            <PostForm action=format!("{back}/close")>
                <ButtonGroup>
                    <Button text="Close this venue" kind=ButtonKind::Warning/>
                    <a class="govuk-link" href=back.clone()>"Keep it open"</a>
                </ButtonGroup>
            </PostForm>
        }
        .into_any()
    }))
}
