//! Mail that comes back, mail that is sent again, and copies for the agency.

use crate::{
    board::{TestBoard, address_of},
    bookings::{address_in, book, reference},
    surveys::{asking_course, fields, link, place},
};
use learning_gain::{
    accounts::rules::Role,
    entity::{address, agency, outbox, response},
    messages::wording::{FIXED, GROUPS, wordings},
    surveys::rules::Wave,
};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// A mail server that knows nobody whose address begins with "gone".
async fn mail_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer_mail_program(stream));
        }
    });
    url
}

async fn answer_mail_program(stream: TcpStream) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut is_text = false;
    write.write_all(b"220 here\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match line.as_str() {
            "." if is_text => {
                is_text = false;
                "250 taken"
            }
            _ if is_text => continue,
            "DATA" => {
                is_text = true;
                "354 go on"
            }
            "QUIT" => "221 bye",
            line if line.starts_with("RCPT TO:<gone") => "550 5.1.1 no such user",
            _ => "250 ok",
        };
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn last_mail(board: &TestBoard, to: &str) -> outbox::Model {
    let mails = outbox::Entity::find().filter(outbox::Column::ToAddress.eq(to)).order_by_desc(outbox::Column::Id);
    mails.one(board.app.db.reader()).await.unwrap().expect("a mail")
}

#[tokio::test]
async fn an_address_that_no_server_knows_is_stopped_and_its_owner_is_asked() {
    let board = TestBoard::with_smtp(&mail_server().await).await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    let (amira, mut browser) = board.learner("Gone Amira").await;
    let txn = board.txn().await;
    let second = address::ActiveModel {
        person_id: Set(amira),
        address: Set("amira@home.example".into()),
        proven_at: Set(Some(board.now())),
        main: Set(false),
        ..Default::default()
    };
    address::Entity::insert(second).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    book(&mut browser, session).await;
    board.send_mails().await;
    let gone = address_of("Gone Amira");
    let failed = last_mail(&board, &gone).await;
    assert!(failed.failed_at.is_some() && failed.attempts == 1, "there is no use in trying again");
    let row = address::Entity::find().filter(address::Column::Address.eq(gone.clone()));
    assert!(row.one(board.app.db.reader()).await.unwrap().unwrap().bounced_at.is_some());

    // The office sees it, without the personal link, and sends it again to the address that works.
    let mut office = board.office().await;
    office.open("/office").await.must_say("1 mail that could not be delivered");
    office.open("/office/mail").await.must_say("the mail server does not know the address");
    office.open(&format!("/office/mail/{}", failed.id)).await.must_say("Mail to this address comes back");
    let body = failed.body.clone().unwrap();
    let link = address_in(&body, &format!("{}/bookings/link/", board.base));
    let token = link.rsplit('/').next().unwrap().to_owned();
    assert!(!office.body.contains(&token), "the personal link is not the office's");
    office.must_say("/bookings/link/…");
    office.post(&format!("/office/mail/{}/resend", failed.id), &[]).await.must_say("sent again");
    office.post(&format!("/office/mail/{}/resend", failed.id), &[]).await;
    board.send_mails().await;
    let again = outbox::Entity::find().filter(outbox::Column::ToAddress.eq("amira@home.example"));
    let again = again.all(board.app.db.reader()).await.unwrap();
    assert_eq!(again.len(), 1, "pressed twice, sent once");
    assert!(again[0].sent_at.is_some() && again[0].body.is_none() && again[0].message_id != failed.message_id);
    assert_eq!(last_mail(&board, &gone).await.body, None, "the link that never arrived is forgotten");
    office.open("/office/mail").await.must_say("Every mail was delivered");

    // Signing in by the other address, she is asked; until then nothing is sent to the old one.
    let mut phone = board.stranger();
    phone.open("/sign-in").await.submit("Send me a code", &[("email", "amira@home.example")]).await;
    let code = last_mail(&board, "amira@home.example").await.body.unwrap();
    let code: String = code.chars().skip_while(|letter| !letter.is_ascii_digit()).take(6).collect();
    phone.submit("Continue", &[("code", &code)]).await.must_say("Do you still use this address?").must_say(&gone);
    phone.submit("It works again", &[]).await.must_say("We write to this address again");
    phone.open("/account/addresses/returned").await;
    assert_eq!(phone.path, "/", "nothing is left to ask");
    let other = board.person("Ben Okoro").await;
    let mut ben = board.signed_in(other).await;
    let theirs = address::Entity::find().filter(address::Column::Address.eq(gone)).one(board.app.db.reader()).await;
    ben.post(&format!("/account/addresses/{}/works", theirs.unwrap().unwrap().id), &[]).await;
    assert_eq!(ben.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_resent_mail_has_a_new_link_that_works_and_a_code_is_never_resent() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let mut phone = board.stranger();
    phone.open("/sign-in").await.submit("Send me a code", &[("email", "someone@x.example")]).await;
    let txn = board.txn().await;
    let failed = outbox::ActiveModel { failed_at: Set(Some(board.now())), ..Default::default() };
    outbox::Entity::update_many().set(failed).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let mut office = board.office().await;
    let code = last_mail(&board, "someone@x.example").await;
    office.open(&format!("/office/mail/{}", code.id)).await.must_say("which is not shown to anybody else");
    let digits: String = code.body.unwrap().chars().filter(char::is_ascii_digit).take(6).collect();
    assert!(!office.says(&digits));
    office.post(&format!("/office/mail/{}/resend", code.id), &[]).await.must_say("A code is not sent again");
    // So nothing is left to do, and it does not stay among what needs somebody.
    office.open("/office").await.must_say("2 mails that could not be delivered");
    let page = format!("/office/mail/{}", code.id);
    office.open(&page).await.submit("Close: nothing is left to do", &[]).await.must_say("closed at");
    assert!(!office.says("nothing is left to do"));
    office.post(&format!("{page}/close"), &[]).await;
    office.open("/office").await.must_say("1 mail that could not be delivered");
    office.open("/office/mail?state=closed").await.must_say("someone@x.example");
    office.open("/office/mail?state=failed").await;
    assert!(!office.says("someone@x.example"));

    let first = last_mail(&board, &address_of("Amira Khan")).await;
    let page = format!("/office/mail/{}", first.id);
    office.open(&page).await.submit("Close: nothing is left to do", &[]).await;
    office.open("/office/mail").await.must_say("Every mail was delivered");
    office.open(&page).await.submit("Send it again", &[]).await.must_say("sent again");
    office.post(&format!("{page}/close"), &[]).await.must_say("Nothing was changed");
    let second = last_mail(&board, &address_of("Amira Khan")).await;
    assert_ne!(first.id, second.id);
    let of = |mail: &outbox::Model| address_in(mail.body.as_ref().unwrap(), &format!("{}/bookings/link/", board.base));
    assert_ne!(of(&first), of(&second));
    assert!(second.html.clone().unwrap().contains(of(&second).as_str()));
    phone.open(&of(&second)).await.must_say("Cancel your place?");
    amira.open("/office/mail").await;
    assert_eq!(amira.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn leads_get_copies_without_the_link_only_where_the_agency_wants_them() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    let (_, mut ben) = board.learner("Ben Okoro").await;
    let school = agency::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
    let lead = board.person("Lena Lead").await;
    board.grant(lead, Role::TrainingLead, Some(school)).await;
    book(&mut amira, session).await;
    assert!(board.mails_to(&address_of("Lena Lead")).await.is_empty());
    let mut office = board.office().await;
    office.open(&format!("/office/agencies/{school}/edit")).await;
    office.submit("Save", &[("copy_leads", "yes")]).await.must_say("Its training leads get copies of mails");
    book(&mut ben, session).await;
    let copy = board.mails_to(&address_of("Lena Lead")).await.pop().unwrap();
    let (body, html) = (copy.body.unwrap(), copy.html.unwrap());
    assert!(copy.subject.starts_with("Copy for Ben Okoro: Booked: Neglect"), "{}", copy.subject);
    assert!(body.contains(&format!("/agency/bookings/{}", reference(&ben))));
    for text in [&body, &html] {
        assert!(!text.contains("/bookings/link/") && !text.contains("secret-room") && !text.contains("/answers/"));
    }
    assert_eq!(copy.calendar, None);
}

#[tokio::test]
async fn the_office_words_a_mail_itself_with_a_preview_and_goes_back() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    let mut office = board.office().await;
    office.open("/office").await;
    let page = office.link("Wording of mails");
    office.open(&page).await.must_say("Default");
    let page = office.link("A place is booked");
    office.open(&page).await.must_say("Preview").must_say("Dear Amira Khan,");
    office.submit("Save", &[("body", "Hello {{nmae}}")]).await.must_say("This mail does not know {{nmae}}");
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(office.body.contains("Hello {{nmae}}"), "what was typed is gone");
    office.submit("Save", &[("body", "Hello {{name}}")]).await.must_say("The text must have {{details}}");
    let body = "Hello {{name}}!\n\n{{details}}\n\n{{cancel_by}} <b>{{charge_rule}}</b>\n\n{{change_or_cancel}}";
    let typed = [("subject", "See you on {{day}}"), ("body", body)];
    office.submit("Preview", &typed).await.must_say("See you on Monday 17 March 2025").must_say("Hello Amira Khan!");
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let first = last_mail(&board, &address_of("Amira Khan")).await;
    assert!(first.subject.starts_with("Booked: Neglect"), "a preview changes nothing");

    office.submit("Save", &typed).await.must_say("The wording is saved");
    let (_, mut ben) = board.learner("Ben Okoro").await;
    book(&mut ben, session).await;
    let mail = last_mail(&board, &address_of("Ben Okoro")).await;
    assert_eq!(mail.subject, "See you on Monday 31 March 2025");
    let (text, html) = (mail.body.unwrap(), mail.html.unwrap());
    assert!(text.starts_with("Hello Ben Okoro!\n\nCourse: Neglect\n") && text.contains("/bookings/link/"));
    assert!(html.contains("&lt;b&gt;") && mail.calendar.is_some());
    office.open("/office/messages").await.must_say("Changed");
    office.open(&page).await.submit("Back to the default", &[]).await.must_say("default wording again");
    let (_, mut cora) = board.learner("Cora Diaz").await;
    book(&mut cora, session).await;
    assert!(last_mail(&board, &address_of("Cora Diaz")).await.subject.starts_with("Booked: Neglect"));
    office.open("/office/messages/sign_in_code").await;
    assert_eq!(office.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_kind_of_mail_is_in_the_list_previewed_changed_and_put_back() {
    let board = TestBoard::new().await;
    let mut office = board.office().await;
    office.open("/office/messages").await;
    for group in &GROUPS {
        office.must_say(group.title);
    }
    for fixed in FIXED {
        office.must_say(fixed.title).must_say(fixed.why);
        office.open(&format!("/office/messages/{}", fixed.kind)).await;
        assert_eq!(office.status, StatusCode::NOT_FOUND, "{}", fixed.kind);
        office.open("/office/messages").await;
    }
    for wording in wordings() {
        let page = office.open("/office/messages").await.link(wording.title);
        assert_eq!(page, format!("/office/messages/{}", wording.kind));
        office
            .open(&page)
            .await
            .must_say("Preview")
            .must_say(&format!("The text must have: {{{{{}}}}}", wording.required[0]));
        office.submit("Save", &[("body", "Hello")]).await.must_say("The text must have");
        assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wording.kind);
        let body = format!("In our own words.\n\n{}", wording.body);
        office.submit("Save", &[("body", &body)]).await.must_say("The wording is saved").must_say("In our own words.");
        office.submit("Back to the default", &[]).await.must_say("default wording again");
        assert!(!office.says("In our own words."), "{}", wording.kind);
    }
}

#[tokio::test]
async fn mails_of_other_features_go_out_in_the_offices_words_with_their_links() {
    let board = TestBoard::new().await;
    let course = asking_course(&board, "Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let person = board.person("Amira Khan").await;
    place(&board, session, person).await;
    let mut office = board.office().await;
    let body = "Hello {{name}}, how was {{course}} on {{day}}?\n\n{{link}}";
    office.open("/office/messages/survey_after").await;
    office.submit("Save", &[("subject", "Tell us: {{course}}"), ("body", body)]).await.must_say("saved");
    office.open("/office/messages/trainer_asked").await;
    office.submit("Save", &[("body", "Hi {{name}}!\n\n{{details}}\n\n{{link}}")]).await.must_say("saved");
    board.set_clock("2025-03-17 12:21");
    board.run_jobs().await;
    let mail = last_mail(&board, &address_of("Amira Khan")).await;
    assert_eq!(mail.subject, "Tell us: Neglect");
    let (text, html) = (mail.body.unwrap(), mail.html.unwrap());
    assert!(text.starts_with("Hello Amira Khan, how was Neglect on Monday 17 March 2025?\n\nAnswer here"), "{text}");
    let link = address_in(&text, &format!("{}/answers/", board.base));
    assert!(html.contains(&format!("<a href=\"{link}\">")) && mail.has_personal_link);
    let mut phone = board.stranger();
    phone.open(link.strip_prefix(&board.base).unwrap()).await.must_say("After the session");
}

#[tokio::test]
async fn a_resent_mail_has_a_new_link_to_the_questions_and_the_old_one_ends_without_losing_an_answer() {
    let board = TestBoard::new().await;
    let course = asking_course(&board, "Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let person = board.person("Amira Khan").await;
    let booking = place(&board, session, person).await;
    board.set_clock("2025-03-17 12:21");
    board.run_jobs().await;
    let first = last_mail(&board, &address_of("Amira Khan")).await;
    let of = |mail: &outbox::Model| {
        let address = address_in(mail.body.as_ref().unwrap(), &format!("{}/answers/", board.base));
        address.strip_prefix(&board.base).unwrap().to_owned()
    };
    let old = of(&first);
    assert_eq!(old, link(&board, booking, Wave::After).await);
    let mut phone = board.stranger();
    phone.open(&old).await;
    let items: Vec<String> = fields(&phone.body, [1; 5]).into_iter().map(|(name, _)| name).collect();
    phone.submit("Save and come back", &[(&items[0], "2"), (&items[1], "3")]).await.must_say("Your answers are saved");
    let kept = response::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap();

    let txn = board.txn().await;
    let failed = outbox::ActiveModel { failed_at: Set(Some(board.now())), ..Default::default() };
    outbox::Entity::update_many().set(failed).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let mut office = board.office().await;
    office.open(&format!("/office/mail/{}", first.id)).await.submit("Send it again", &[]).await;
    office.post(&format!("/office/mail/{}/resend", first.id), &[]).await;
    let second = last_mail(&board, &address_of("Amira Khan")).await;
    let new = of(&second);
    assert_ne!(old, new);
    assert!(second.html.as_ref().unwrap().contains(&new) && !second.html.unwrap().contains(&old));
    assert_eq!(link(&board, booking, Wave::After).await, new, "codes, pages and reminders give the newest");

    // The old one says what to do, and takes nothing; what was saved through it stands under the new one.
    phone.open(&old).await.must_say("This link was replaced by a newer one");
    assert_eq!(phone.status, StatusCode::GONE);
    assert!(!phone.says("Neglect"), "whoever got the first mail may be somebody else");
    phone.post(&old, &[(&items[0], "5"), ("do", "finish")]).await.must_say("replaced by a newer one");
    phone.open(&new).await.must_say("After the session");
    let (_, standing) = phone.form_with_button("Finish");
    for saved in [(items[0].clone(), "2".to_owned()), (items[1].clone(), "3".to_owned())] {
        assert!(standing.contains(&saved), "{standing:?}");
    }
    board.set_clock("2025-03-20 13:00");
    board.run_jobs().await;
    assert_eq!(of(&last_mail(&board, &address_of("Amira Khan")).await), new, "a reminder ends no link");
    phone.submit("Finish", &[(&items[2], "4"), (&items[3], "4"), (&items[4], "4")]).await.must_say("Thank you");
    let responses = response::Entity::find().all(board.app.db.reader()).await.unwrap();
    assert_eq!(responses.len(), 1, "the same response goes on");
    assert_eq!(responses[0].pairing_key, kept.pairing_key, "and pairs as before");
}
