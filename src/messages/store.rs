//! The outbox in the database.

use super::{
    bookings::{answer_tokens, renew_links},
    wording::{Fixed, Template, Values, Wording},
};
use crate::{
    accounts::{
        rules::PersonId,
        store::{address_bounce_in_txn, address_by_text},
    },
    agencies::rules::AgencyId,
    audit::store::{Subject, audit_insert_in_txn},
    entity::{mail_wording, outbox},
    server::{bulk::insert_all, database::rows_before, secrets},
    surveys::{links::LinkToken, store::link_renew_in_txn},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, sea_query::OnConflict,
};
use std::collections::{BTreeSet, HashMap};

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

/// The office's own words for some kinds of mail, read once, however many mails there are.
pub struct Wordings(HashMap<String, Template>);

impl Wordings {
    /// For these mails.
    pub async fn of(mails: &[Mail], db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let kinds: BTreeSet<_> = mails.iter().filter_map(|mail| Some(mail.text.wording()?.kind)).collect();
        if kinds.is_empty() {
            return Ok(Self(HashMap::new()));
        }
        let changed = mail_wording::Entity::find().filter(mail_wording::Column::Kind.is_in(kinds)).all(db).await?;
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
    outbox_insert_all_in_txn(vec![mail], now, db).await
}

/// The same for many mails, with a few statements.
pub async fn outbox_insert_all_in_txn(
    mails: Vec<Mail>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let wordings = Wordings::of(&mails, db).await?;
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
fn new_message_id() -> Result<String, DbErr> {
    let token = secrets::random_token().map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(format!("<{}@learning-gain>", &token[..32]))
}

/// The wording of a kind of mail as the office changed it; None where it is the default.
pub async fn wording_get(kind: &str, db: &impl ConnectionTrait) -> Result<Option<Template>, DbErr> {
    let row = mail_wording::Entity::find_by_id(kind).one(db).await?;
    Ok(row.map(|row| Template { subject: row.subject, body: row.body }))
}

/// The kinds of mail whose wording was changed, and when.
pub async fn wording_list(db: &impl ConnectionTrait) -> Result<Vec<mail_wording::Model>, DbErr> {
    mail_wording::Entity::find().all(db).await
}

/// Changes the wording of a kind of mail.
pub async fn wording_put_in_txn(
    kind: &str,
    template: &Template,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let row = mail_wording::ActiveModel {
        kind: Set(kind.to_owned()),
        subject: Set(template.subject.clone()),
        body: Set(template.body.clone()),
        changed_at: Set(now),
    };
    let replace = OnConflict::column(mail_wording::Column::Kind)
        .update_columns([mail_wording::Column::Subject, mail_wording::Column::Body, mail_wording::Column::ChangedAt])
        .to_owned();
    mail_wording::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}

/// Goes back to the default. Returns whether it was another.
pub async fn wording_reset_in_txn(kind: &str, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(mail_wording::Entity::delete_by_id(kind).exec(db).await?.rows_affected == 1)
}

/// Mails on one page of the queue.
pub const MAILS_PER_PAGE: u64 = 50;

/// Kinds of mail that are never sent again: whoever wants a code asks for a new one.
pub const CODE_KINDS: [&str; 1] = ["sign_in_code"];

/// Which mails of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// Not sent yet; tried again by themselves.
    Waiting,
    /// Given up: a person has to look at them.
    Failed,
    /// Sent.
    Sent,
    /// Sent, and reported as undeliverable afterwards.
    CameBack,
}

fn in_state(state: MailState) -> Select<outbox::Entity> {
    let all = outbox::Entity::find();
    match state {
        MailState::Waiting => all.filter(outbox::Column::SentAt.is_null()).filter(outbox::Column::FailedAt.is_null()),
        MailState::Failed => {
            all.filter(outbox::Column::FailedAt.is_not_null()).filter(outbox::Column::ResentAt.is_null())
        }
        MailState::Sent => all.filter(outbox::Column::SentAt.is_not_null()),
        MailState::CameBack => all.filter(outbox::Column::CameBackAt.is_not_null()),
    }
}

/// One page (from 1) of the mails in a state, the newest first, and how many there are.
pub async fn outbox_list(
    state: MailState,
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<outbox::Model>, u64), DbErr> {
    let total = in_state(state).count(db).await?;
    let rows = in_state(state)
        .order_by_desc(outbox::Column::Id)
        .offset(rows_before(page, total, MAILS_PER_PAGE))
        .limit(MAILS_PER_PAGE)
        .all(db)
        .await?;
    Ok((rows, total))
}

/// How many mails were given up and not sent again.
pub async fn outbox_count_failed(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    in_state(MailState::Failed).count(db).await
}

/// One mail.
pub async fn outbox_get(id: i64, db: &impl ConnectionTrait) -> Result<Option<outbox::Model>, DbErr> {
    outbox::Entity::find_by_id(id).one(db).await
}

/// The texts of a mail with every personal link made new; the old links to questionnaires end.
async fn renewed_in_txn(
    mail: &outbox::Model,
    secrets: &secrets::Secrets,
    db: &impl ConnectionTrait,
) -> Result<(Option<String>, Option<String>), DbErr> {
    let mut texts = [&mail.body, &mail.html].map(|text| text.as_ref().map(|text| renew_links(secrets, text)));
    let old: BTreeSet<String> = texts.iter().flatten().flat_map(|text| answer_tokens(text)).collect();
    for token in old.iter().filter_map(|token| LinkToken::parse(token)) {
        let Some(new) = link_renew_in_txn(&token, secrets, db).await? else { continue };
        for text in texts.iter_mut().flatten() {
            *text = text.replace(&token.path(), &new.path());
        }
    }
    let [body, html] = texts;
    Ok((body, html))
}

/// Sends a failed mail again, as a new one with new personal links, to this address. Returns false when it was sent
/// again before.
pub async fn outbox_resend_in_txn(
    mail: &outbox::Model,
    to: String,
    secrets: &secrets::Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    // The old one keeps no personal link that nobody needs any more.
    let mut done = outbox::ActiveModel { resent_at: Set(Some(now)), ..Default::default() };
    if mail.has_personal_link {
        done.body = Set(None);
        done.html = Set(None);
    }
    let updated = outbox::Entity::update_many()
        .set(done)
        .filter(outbox::Column::Id.eq(mail.id))
        .filter(outbox::Column::FailedAt.is_not_null())
        .filter(outbox::Column::ResentAt.is_null())
        .exec(db)
        .await?;
    if mail.body.is_none() || updated.rows_affected != 1 {
        return Ok(false);
    }
    let (body, html) = renewed_in_txn(mail, secrets, db).await?;
    let row = outbox::ActiveModel {
        message_id: Set(new_message_id()?),
        person_id: Set(mail.person_id),
        to_address: Set(to),
        kind: Set(mail.kind.clone()),
        subject: Set(mail.subject.clone()),
        body: Set(body),
        html: Set(html),
        calendar: Set(mail.calendar.clone()),
        has_personal_link: Set(mail.has_personal_link),
        created_at: Set(now),
        due_at: Set(now),
        attempts: Set(0),
        ..Default::default()
    };
    outbox::Entity::insert(row).exec_without_returning(db).await?;
    Ok(true)
}

/// What a report about a mail led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameBack {
    /// Its address is stopped now.
    Stopped {
        /// The mail.
        mail: i64,
    },
    /// Its address was stopped already, or is nobody's any more.
    StoppedBefore {
        /// The mail.
        mail: i64,
    },
    /// The report was read before: nothing changed, not even where its owner has said since that the address works.
    Counted {
        /// The mail.
        mail: i64,
    },
    /// No mail of ours to one of these addresses has one of these Message-IDs.
    NotOurs,
}

/// Notes that a mail came back for ever, and stops its address. The report has to name both, the mail by its Message-ID
/// and the address to which we sent it.
pub async fn mail_came_back_in_txn(
    message_ids: &[String],
    addresses: &[String],
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<CameBack, DbErr> {
    if message_ids.is_empty() {
        return Ok(CameBack::NotOurs);
    }
    let named = outbox::Entity::find().filter(outbox::Column::MessageId.is_in(message_ids));
    let named = named.order_by_asc(outbox::Column::Id).all(db).await?;
    let to_one_of_them = |mail: &outbox::Model| addresses.contains(&mail.to_address.trim().to_lowercase());
    let Some(mail) = named.into_iter().find(to_one_of_them) else { return Ok(CameBack::NotOurs) };
    let noted = outbox::Entity::update_many()
        .set(outbox::ActiveModel { came_back_at: Set(Some(now)), ..Default::default() })
        .filter(outbox::Column::Id.eq(mail.id))
        .filter(outbox::Column::CameBackAt.is_null())
        .exec(db)
        .await?;
    if noted.rows_affected == 0 {
        return Ok(CameBack::Counted { mail: mail.id });
    }
    if !address_bounce_in_txn(&mail.to_address, now, db).await? {
        return Ok(CameBack::StoppedBefore { mail: mail.id });
    }
    if let Some(owner) = address_by_text(&mail.to_address, db).await? {
        let subject = Subject { kind: "person", id: owner.person_id.0 };
        audit_insert_in_txn(None, subject, "Mail to an address came back, so it was stopped", now, db).await?;
    }
    Ok(CameBack::Stopped { mail: mail.id })
}
