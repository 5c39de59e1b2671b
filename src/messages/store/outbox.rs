//! What is written into the outbox.

use crate::{
    accounts::rules::PersonId,
    agencies::rules::AgencyId,
    entity::{mail_wording, outbox},
    messages::wording::{Fixed, Template, Values, Wording},
    server::{bulk::insert_all, secrets},
};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use std::collections::HashMap;

/// A mail to send. Its text comes from one of the kinds in `wording`, so that the office's list of kinds is whole.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Whom it is for, where that is somebody with a record.
    pub person: Option<PersonId>,
    /// Their address; None where no address of theirs works. Such a mail stands in the office's queue at once: somebody has
    /// to tell them in another way.
    pub to: Option<String>,
    /// What it says.
    pub text: Text,
    /// An ICS file.
    pub calendar: Option<String>,
    /// Whether the body holds a link that lets its holder in without signing in; such a body is forgotten once sent.
    pub has_personal_link: bool,
    /// The copy for the agency, where it wants copies.
    pub copy: Option<Copy>,
}

/// What a mail says.
#[derive(Clone, Debug)]
pub enum Text {
    /// Its kind's template, in the office's wording, with what the placeholders stand for.
    Worded(&'static Wording, Values),
    /// The subject and the plain text of a kind that nobody changes.
    Fixed(&'static Fixed, String, String),
}

impl Text {
    /// The kind, as it stands in the outbox.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Worded(wording, _) => wording.kind,
            Self::Fixed(fixed, ..) => fixed.kind,
        }
    }

    fn wording(&self) -> Option<&'static Wording> {
        match self {
            Self::Worded(wording, _) => Some(wording),
            Self::Fixed(..) => None,
        }
    }
}

impl Mail {
    /// A mail whose wording the office can change; `values` says what each placeholder of its kind stands for.
    pub fn worded(wording: &'static Wording, person: Option<PersonId>, to: impl Into<String>, values: Values) -> Self {
        debug_assert!(
            wording.placeholders.iter().all(|placeholder| values.has(placeholder.name)),
            "{}: a placeholder without a value",
            wording.kind
        );
        Self::saying(Text::Worded(wording, values.only(wording.placeholders)), person, to.into())
    }

    /// A mail that always reads the same.
    pub fn fixed(fixed: &'static Fixed, to: impl Into<String>, subject: String, body: String) -> Self {
        Self::saying(Text::Fixed(fixed, subject, body), None, to.into())
    }

    fn saying(text: Text, person: Option<PersonId>, to: String) -> Self {
        Self { person, to: Some(to), text, calendar: None, has_personal_link: false, copy: None }
    }
}

/// What the training leads of an agency read of a mail to one of their staff.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The agency.
    pub agency: AgencyId,
    /// What the placeholders of `COPY_FOR_LEAD` and `LEARNER_UNREACHABLE` stand for, but for the mail's subject.
    pub values: Values,
}

/// A mail as it goes out.
struct Written {
    subject: String,
    body: String,
    html: Option<String>,
}

/// The office's own words for those kinds of mail that it has worded itself.
#[derive(Clone, Debug, Default)]
pub struct Wordings(HashMap<String, Template>);

impl Wordings {
    /// Reads them all: there are fewer than kinds of mail.
    pub async fn load(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let changed = mail_wording::Entity::find().all(db).await?;
        let template = |row: mail_wording::Model| (row.kind, Template { subject: row.subject, body: row.body });
        Ok(Self(changed.into_iter().map(template).collect()))
    }

    /// A mail as it goes out.
    fn written(&self, text: &Text) -> Written {
        match text {
            Text::Fixed(_, subject, body) => Written { subject: subject.clone(), body: body.clone(), html: None },
            Text::Worded(wording, values) => {
                let template = self.0.get(wording.kind).cloned().unwrap_or_else(|| wording.template());
                let letter = template.letter(values);
                Written { subject: template.subject(values), body: letter.text(), html: Some(letter.html()) }
            }
        }
    }

    /// The subject line of a mail as it goes out.
    pub fn subject(&self, mail: &Mail) -> String {
        self.written(&mail.text).subject
    }
}

/// Nobody's address: no top-level domain has this name (RFC 2606), and nobody can type an address without a dot here.
pub const NOBODY: &str = "nobody@invalid";

/// Why a mail was given up at once.
const NO_ADDRESS: &str = "we know no address of this person that works";

/// Takes what was written to `NOBODY` out of the outbox again.
pub async fn outbox_forget_nobodys_in_txn(
    purpose: &str,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    outbox::Entity::delete_many()
        .filter(outbox::Column::SentAt.is_null())
        .filter(outbox::Column::DueAt.eq(now))
        .filter(outbox::Column::ToAddress.eq(NOBODY))
        .filter(outbox::Column::Kind.eq(purpose))
        .exec(db)
        .await?;
    Ok(())
}

/// Puts a mail into the outbox, due at once, in the office's own words where it has changed them.
pub async fn outbox_insert_in_txn(mail: Mail, now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let wordings = match mail.text.wording() {
        Some(_) => Wordings::load(db).await?,
        None => Wordings::default(),
    };
    outbox_insert_all_in_txn(vec![mail], &wordings, now, db).await
}

/// The same for many mails, with a few statements, where the office's words are at hand.
pub async fn outbox_insert_all_in_txn(
    mails: Vec<Mail>,
    wordings: &Wordings,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let mut rows = Vec::with_capacity(mails.len());
    for mail in mails {
        let written = wordings.written(&mail.text);
        let is_for_nobody = mail.to.is_none();
        rows.push(outbox::ActiveModel {
            message_id: Set(new_message_id()?),
            person_id: Set(mail.person),
            to_address: Set(mail.to.unwrap_or_else(|| NOBODY.to_owned())),
            kind: Set(mail.text.kind().to_owned()),
            subject: Set(written.subject),
            body: Set(Some(written.body)),
            html: Set(written.html),
            calendar: Set(mail.calendar),
            has_personal_link: Set(mail.has_personal_link),
            created_at: Set(now),
            due_at: Set(now),
            attempts: Set(0),
            failed_at: Set(is_for_nobody.then_some(now)),
            last_error: Set(is_for_nobody.then(|| NO_ADDRESS.to_owned())),
            ..Default::default()
        });
    }
    insert_all(rows, db).await
}

/// 128 random bits: whoever names one has seen the mail, which is what a report of its return is believed for.
pub(super) fn new_message_id() -> Result<String, DbErr> {
    let token = secrets::random_token().map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(format!("<{}@learning-gain>", &token[..32]))
}
