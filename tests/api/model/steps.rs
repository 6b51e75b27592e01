//! What can happen.

use proptest::{collection::vec, prelude::*};

use crate::support::proxy::{Fault, Part};

/// How many articles a case has.
pub(super) const SLOTS: usize = 2;

/// One of the two instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum At {
    /// The one that always reaches the database.
    One,
    /// The one whose way to it can fail.
    Other,
}

/// Something that happens.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Read(Reading),
    Write(At, Write),
    /// A write while others read.
    Race(At, Write, Vec<Reading>),
    Fail(Part, Fault),
    Mend,
    /// The clock goes on by so many minutes, or back.
    Clock(i32),
}

/// A write of an editor.
#[derive(Debug, Clone, Copy)]
pub(super) enum Write {
    Article(usize, Edit),
    /// A testimonial is published, or erased where there is one.
    Testimonial,
}

/// What is done to an article; one that is not there is created.
#[derive(Debug, Clone, Copy)]
pub(super) enum Edit {
    Retitle,
    Rename,
    Publish,
    Unpublish,
    Archive,
    Restore,
    Schedule,
}

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Target {
    Articles,
    ArticlesAndTotal,
    ArticleById(usize),
    ArticleBySlug(usize),
    Testimonials,
    /// What depends on the clock.
    Place,
}

/// A read of a patient.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) at: At,
    pub(super) target: Target,
    pub(super) language: &'static str,
    pub(super) encoding: &'static str,
    /// Whether the reader sends the entity tag of the last such answer.
    pub(super) is_conditional: bool,
}

/// The languages that readers ask for.
pub(super) const LANGUAGES: [&str; 2] = ["en-GB", "fr"];

fn at() -> impl Strategy<Value = At> {
    prop_oneof![Just(At::One), Just(At::Other)]
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        2 => Just(Target::Articles),
        2 => Just(Target::ArticlesAndTotal),
        2 => (0..SLOTS).prop_map(Target::ArticleById),
        2 => (0..SLOTS).prop_map(Target::ArticleBySlug),
        1 => Just(Target::Testimonials),
        1 => Just(Target::Place),
    ]
}

fn reading() -> impl Strategy<Value = Reading> {
    let language = prop_oneof![4 => Just(LANGUAGES[0]), 1 => Just(LANGUAGES[1])];
    let encoding = prop_oneof![Just("identity"), Just("gzip"), Just("br"), Just("zstd")];
    (at(), target(), language, encoding, any::<bool>()).prop_map(|(at, target, language, encoding, is_conditional)| {
        Reading {
            at,
            target,
            language,
            encoding,
            is_conditional,
        }
    })
}

fn write() -> impl Strategy<Value = Write> {
    let edit = prop_oneof![
        3 => Just(Edit::Publish),
        2 => Just(Edit::Retitle),
        1 => Just(Edit::Rename),
        1 => Just(Edit::Unpublish),
        1 => Just(Edit::Archive),
        1 => Just(Edit::Restore),
        1 => Just(Edit::Schedule),
    ];
    prop_oneof![
        6 => ((0..SLOTS), edit).prop_map(|(slot, edit)| Write::Article(slot, edit)),
        1 => Just(Write::Testimonial),
    ]
}

/// Any of them; what comes first is the simplest.
pub(super) fn step() -> impl Strategy<Value = Step> {
    // Where nobody is told of changes, what an instance forgets to look after itself shows.
    let part = prop_oneof![3 => Just(Part::Listeners), 1 => Just(Part::All)];
    let fault = prop_oneof![Just(Fault::Cut), Just(Fault::Silent)];
    prop_oneof![
        8 => reading().prop_map(Step::Read),
        7 => (at(), write()).prop_map(|(at, write)| Step::Write(at, write)),
        1 => (at(), write(), vec(reading(), 1..5)).prop_map(|(at, write, readings)| Step::Race(at, write, readings)),
        2 => (part, fault).prop_map(|(part, fault)| Step::Fail(part, fault)),
        1 => Just(Step::Mend),
        1 => (-400..400_i32).prop_map(Step::Clock),
    ]
}
