//! Training taken elsewhere: declared, shown as declared, checked by those who may.

use crate::board::{TestBoard, address_of};
use learning_gain::{
    accounts::rules::Role,
    entity::{agency, course_prerequisite, declared_training},
    records::rules::DeclaredState,
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

#[tokio::test]
async fn training_elsewhere_meets_a_prerequisite_until_it_is_refused() {
    let board = TestBoard::new().await;
    let core = board.course("Core").await;
    let advanced = board.course("Advanced").await;
    let session = board.session(advanced, "2025-03-31 10:00", 5).await;
    let txn = board.txn().await;
    course_prerequisite::ActiveModel { course_id: Set(advanced), required_course_id: Set(core) }
        .insert(&txn)
        .await
        .unwrap();
    txn.commit().await.unwrap();
    let (_, mut amira) = board.learner("Amira Khan").await;
    amira.open(&format!("/sessions/{session}/book")).await.must_say("Attend “Core” before");
    amira.open("/account").await;
    let own = amira.link("Training that you took elsewhere");
    amira.open(&own).await.must_say("You have not added any");
    amira.open("/account/training/new").await;
    amira.submit("Add this training", &[("title", "Level 1")]).await.must_say("Enter the provider");
    assert_eq!(amira.status, StatusCode::UNPROCESSABLE_ENTITY);
    let course = core.to_string();
    let fields = [
        ("provider", "Elsewhere SCP"),
        ("date-day", "1"),
        ("date-month", "2"),
        ("date-year", "2025"),
        ("course", course.as_str()),
    ];
    let (_, before) = amira.form_with_button("Add this training");
    assert!(before.contains(&("title".into(), "Level 1".into())), "what was typed is gone");
    amira.submit("Add this training", &fields).await.must_say("Declared").must_say("Elsewhere SCP");
    amira.open(&format!("/sessions/{session}/book")).await.must_say("5 of 5 left");

    // Another agency's lead sees nothing of it; her own does.
    let elm = board.agency("Elm Nursery").await;
    let other = board.person("Ole Other").await;
    board.grant(other, Role::TrainingLead, Some(elm)).await;
    let mut other = board.signed_in(other).await;
    let line = declared_training::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap();
    other.open("/agency/training").await.must_say("Nothing to check");
    other.open(&format!("/agency/training/{}", line.id)).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    other.post(&format!("/agency/training/{}", line.id), &[("do", "confirm")]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let school = agency::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
    let lead = board.person("Lena Lead").await;
    board.grant(lead, Role::TrainingLead, Some(school)).await;
    let mut lead = board.signed_in(lead).await;
    lead.open("/agency/training").await.must_say("Amira Khan");
    let mut office = board.office().await;
    office.open(&format!("/office/training/{}", line.id)).await;
    lead.open(&format!("/agency/training/{}", line.id)).await.submit("It cannot be", &[]).await;
    lead.must_say("Enter the reason");
    lead.submit("It cannot be", &[("reason", "No certificate")]).await.must_say("Done");
    let told = board.mails_to(&address_of("Amira Khan")).await.pop().unwrap();
    assert!(told.kind == "training_not_confirmed" && told.body.unwrap().contains("No certificate"));
    // The office's page is from before.
    office.submit("Confirm", &[]).await.must_say("Somebody else has checked this meanwhile");
    assert_eq!(office.status, StatusCode::CONFLICT);
    let line = declared_training::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap();
    assert_eq!(line.state, DeclaredState::Refused);
    amira.open("/account/training").await.must_say("Not confirmed").must_say("No certificate");
    amira.open(&format!("/sessions/{session}/book")).await.must_say("Attend “Core” before");
    amira.post(&format!("/account/training/{}/remove", line.id), &[]).await.must_say("was checked meanwhile");
}

#[tokio::test]
async fn a_declaration_is_its_persons_and_can_be_taken_back() {
    let board = TestBoard::new().await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    let (_, mut ben) = board.learner("Ben Okoro").await;
    let fields =
        [("title", "Level 1"), ("provider", "P"), ("date-day", "1"), ("date-month", "2"), ("date-year", "2025")];
    amira.open("/account/training/new").await;
    for _ in 0..2 {
        amira.post("/account/training/new", &fields).await;
    }
    let all = declared_training::Entity::find().all(board.app.db.reader()).await.unwrap();
    assert_eq!(all.len(), 1, "the same form twice");
    ben.post(&format!("/account/training/{}/remove", all[0].id), &[]).await;
    ben.open("/account/training").await;
    assert!(!ben.says("Level 1"));
    amira.open("/account/training").await.must_say("Level 1");
    amira.submit("Take back", &[]).await.must_say("You have not added any");
    amira.post("/account/training/new", &[("title", "x"), ("course", "999999"), ("provider", "P")]).await;
    assert_eq!(amira.status, StatusCode::UNPROCESSABLE_ENTITY);
}
