//! One case: what is done, and what becomes true by it.

use std::{collections::HashMap, thread, time::Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    rules::{Checked, Rules, Shown, State},
    steps::{At, Edit, LANGUAGES, Reading, SLOTS, Step, Target, Write},
    world::World,
};
use crate::support::{
    app::NOW,
    poll,
    proxy::{Fault, Part},
};

/// How often each reader reads while somebody writes.
const READS: usize = 4;

/// A case.
pub(super) struct Run<'a> {
    world: &'a World,
    name: String,
    now: Timestamp,
    articles: [Option<String>; SLOTS],
    testimonial: Option<String>,
    edits: u32,
    rules: Rules,
}

impl<'a> Run<'a> {
    /// A case in which nothing has happened yet.
    pub(super) fn begin(world: &'a World) -> Self {
        let mut run = Self {
            world,
            name: format!("case-{}", world.next_number()),
            now: NOW.parse().expect("the moment is valid"),
            articles: [const { None }; SLOTS],
            testimonial: None,
            edits: 0,
            rules: Rules::default(),
        };
        world.set_clock(run.now);
        run.note_state();
        run
    }

    /// Carries a step out and checks what is seen.
    pub(super) fn take(&mut self, step: &Step) -> Checked<()> {
        match step {
            Step::Read(reading) => self.read(*reading).map(drop),
            Step::Write(at, write) => {
                let is_done = self.write(*at, *write);
                self.note_write(*at, is_done);
                self.look_after(*at, *write)
            }
            Step::Race(at, write, readings) => self.race(*at, *write, readings),
            Step::Fail(part, fault) => {
                self.fail(*part, *fault);
                Ok(())
            }
            Step::Mend => {
                self.mend();
                Ok(())
            }
            Step::Clock(minutes) => {
                self.now += SignedDuration::from_mins((*minutes).into());
                self.world.set_clock(self.now);
                self.note_state();
                self.rules.clock_was_set();
                Ok(())
            }
        }
    }

    /// Reads until both instances show what is true; whether that took too long the rules say.
    pub(super) fn converge(&mut self) -> Checked<()> {
        self.mend();
        for at in [At::One, At::Other] {
            let reading = Reading {
                at,
                target: Target::ArticlesAndTotal,
                language: LANGUAGES[0],
                encoding: "identity",
                is_conditional: false,
            };
            let mut outcome = Ok(());
            poll::until("what is true is shown", || match self.read(reading) {
                Ok(shown) => shown.as_ref() == self.rules.newest(&reading),
                Err(failure) => {
                    outcome = Err(failure);
                    true
                }
            });
            outcome?;
        }
        Ok(())
    }

    /// Takes away what the case has made.
    pub(super) fn end(mut self) {
        self.mend();
        for slot in 0..SLOTS {
            if self.articles[slot].is_some() {
                self.write(At::One, Write::Article(slot, Edit::Archive));
            }
        }
        if self.testimonial.is_some() {
            self.write(At::One, Write::Testimonial);
        }
        self.world.come_to_rest();
    }

    fn fail(&mut self, part: Part, fault: Fault) {
        self.world.proxy.fail(part, fault);
        self.rules.way_failed(part);
    }

    fn mend(&mut self) {
        self.world.proxy.mend();
        self.rules.way_was_mended();
    }

    fn read(&mut self, reading: Reading) -> Checked<Option<Shown>> {
        let Some(path) = self.path(reading.target) else {
            return Ok(None);
        };
        let mut request = self.world.read(reading.at, &path, reading.language, reading.encoding);
        let known = self.rules.known_tag(&reading);
        if let Some(tag) = known {
            request = request.header("if-none-match", tag);
        }
        let oldest = self.rules.oldest_allowed(&reading, Instant::now());
        let answer = request.send();
        self.rules.check(&reading, oldest, &answer)
    }

    /// Looks at what a write changes where it was made.
    fn look_after(&mut self, at: At, write: Write) -> Checked<()> {
        let targets = match write {
            Write::Article(slot, _) => vec![Target::ArticlesAndTotal, Target::ArticleBySlug(slot)],
            Write::Testimonial => vec![Target::Testimonials],
        };
        for target in targets {
            let reading = Reading {
                at,
                target,
                language: LANGUAGES[0],
                encoding: "gzip",
                is_conditional: true,
            };
            self.read(reading)?;
        }
        Ok(())
    }

    /// Reads while a write goes on: each answer shows what was true before it or what is true after it.
    fn race(&mut self, at: At, write: Write, readings: &[Reading]) -> Checked<()> {
        let world = self.world;
        let begun = Instant::now();
        let asked: Vec<_> = readings
            .iter()
            .filter_map(|reading| {
                let path = self.path(reading.target)?;
                Some((*reading, path, self.rules.oldest_allowed(reading, begun)))
            })
            .collect();
        let (is_done, answers) = thread::scope(|threads| {
            let readers: Vec<_> = asked
                .iter()
                .map(|(reading, path, _)| {
                    threads.spawn(move || {
                        let read = || world.read(reading.at, path, reading.language, reading.encoding).send();
                        (0..READS).map(|_| read()).collect::<Vec<_>>()
                    })
                })
                .collect();
            let is_done = self.write(at, write);
            let answers: Vec<_> = readers
                .into_iter()
                .map(|reader| reader.join().expect("it is answered"))
                .collect();
            (is_done, answers)
        });
        self.note_write(at, is_done);
        for ((reading, _, oldest), answers) in asked.iter().zip(&answers) {
            for answer in answers {
                self.rules.check(reading, *oldest, answer)?;
            }
        }
        Ok(())
    }

    /// Where something is read; nothing while it has no address.
    fn path(&self, target: Target) -> Option<String> {
        Some(match target {
            Target::Articles => "/v1/articles?limit=5".to_owned(),
            Target::ArticlesAndTotal => "/v1/articles?limit=5&include_total=true".to_owned(),
            Target::ArticleById(slot) => format!("/v1/articles/{}", self.articles[slot].as_ref()?),
            Target::ArticleBySlug(slot) => format!("/v1/articles/{}-en-gb", self.slug(slot)),
            Target::Testimonials => "/v1/testimonials?include_total=true".to_owned(),
            Target::Place => "/v1/locations/main".to_owned(),
        })
    }

    fn slug(&self, slot: usize) -> String {
        format!("{}-article-{slot}", self.name)
    }

    fn note_write(&mut self, at: At, is_done: bool) {
        self.note_state();
        if is_done {
            self.rules.was_acknowledged(at);
        }
    }

    /// Asks who keeps nothing what is true now.
    fn note_state(&mut self) {
        let by_slot = (0..SLOTS).flat_map(|slot| [Target::ArticleById(slot), Target::ArticleBySlug(slot)]);
        let fixed = [
            Target::Articles,
            Target::ArticlesAndTotal,
            Target::Testimonials,
            Target::Place,
        ];
        let mut shown = HashMap::new();
        for target in by_slot.chain(fixed) {
            let Some(path) = self.path(target) else { continue };
            for language in LANGUAGES {
                let answer = self.world.true_answer(&path, language);
                shown.insert((target, language), Shown::of(&answer));
            }
        }
        self.rules.became_true(State::new(shown));
    }

    /// Asks for a write, and says whether it was acknowledged.
    fn write(&mut self, at: At, write: Write) -> bool {
        match write {
            Write::Article(slot, edit) => self.write_article(at, slot, edit),
            Write::Testimonial => self.write_testimonial(at),
        }
    }

    fn write_article(&mut self, at: At, slot: usize, edit: Edit) -> bool {
        self.edits += 1;
        let title = format!("Edit {} of {}", self.edits, self.name);
        let Some(id) = self.articles[slot].clone() else {
            let content = World::article(&self.slug(slot), &title);
            let answer = self.world.write(at, "POST", "/v1/admin/articles", Some(&content));
            let made = (answer.status == 201).then(|| answer.json());
            let id = made.map(|made| made["id"].as_str().expect("it has an id").to_owned());
            self.articles[slot] = id;
            return self.articles[slot].is_some();
        };
        let (step, body) = self.request_of(slot, edit, &title);
        let path = format!("/v1/admin/articles/{id}");
        let answer = match step {
            "" => self.world.write(at, "PATCH", &path, body.as_ref()),
            step => self.world.write(at, "POST", &format!("{path}/{step}"), body.as_ref()),
        };
        answer.status == 200
    }

    fn request_of(&self, slot: usize, edit: Edit, title: &str) -> (&'static str, Option<Value>) {
        match edit {
            Edit::Retitle => (
                "",
                Some(json!({"texts": {"en-GB": {"title": title}, "fr": {"title": title}}})),
            ),
            Edit::Rename => {
                let end = if self.edits.is_multiple_of(2) { "" } else { "-renamed" };
                let slug = format!("{}-en-gb{end}", self.slug(slot));
                ("", Some(json!({"texts": {"en-GB": {"slug": slug}}})))
            }
            Edit::Publish => ("publish", None),
            Edit::Unpublish => ("unpublish", None),
            Edit::Archive => ("archive", None),
            Edit::Restore => ("restore", None),
            Edit::Schedule => {
                let soon = self.now + SignedDuration::from_mins(1);
                ("schedule", Some(json!({"publish_at": soon.to_string()})))
            }
        }
    }

    fn write_testimonial(&mut self, at: At) -> bool {
        match self.testimonial.clone() {
            None => {
                let name = format!("{}-{}", self.name, self.edits);
                self.edits += 1;
                self.testimonial = Some(self.world.publish_testimonial(&name));
                // Neither instance was told.
                false
            }
            Some(id) => {
                let path = format!("/v1/admin/testimonials/{id}/erase");
                let reason = json!({"reason": "requested"});
                let is_done = self.world.write(at, "POST", &path, Some(&reason)).status == 200;
                if is_done {
                    self.testimonial = None;
                }
                is_done
            }
        }
    }
}
