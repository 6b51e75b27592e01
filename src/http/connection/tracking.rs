//! What the application's side tells the connection: whether a request is being answered, and how
//! its body fares. The connection and the application run on one thread, so plain cells do.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use actix_http::{Payload, Request};
use actix_service::Service;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::Response;
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::Stream;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

use super::refusal::HEAD_END;

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// No byte has come yet.
    Fresh,
    /// Between a response and the next request.
    Idle,
    /// Part of a request's head has come.
    Head,
    /// A request is with the application, or its response is being produced.
    Busy,
}

/// The state that a connection shares with the service around the application.
#[derive(Debug)]
pub(super) struct Tracker {
    pub(super) phase: Cell<Phase>,
    /// When the phase began; set by the connection when it first needs to know.
    pub(super) since: Cell<Option<Instant>>,
    /// The application's last bytes could be mistaken for an answer of the parser.
    pub(super) lookalike: Cell<bool>,
    /// The last request's body was not read to its end, so what comes next may belong to it.
    pub(super) body_unread: Cell<bool>,
    /// The last request's body was too slow or malformed: read nothing more after its answer.
    pub(super) body_failed: Cell<bool>,
    /// Whom to wake after each request of a client that sends many at a time.
    reader: RefCell<Option<Waker>>,
}

impl Tracker {
    pub(super) fn new() -> Self {
        Self {
            phase: Cell::new(Phase::Fresh),
            since: Cell::new(None),
            lookalike: Cell::new(false),
            body_unread: Cell::new(false),
            body_failed: Cell::new(false),
            reader: RefCell::new(None),
        }
    }

    /// Keeps the rest back for a turn. From then on the dispatcher is woken after each request: it
    /// takes no further ones apart while many wait, and would sleep on those that it has read.
    pub(super) fn keep_back(&self, reader: &Waker) {
        reader.wake_by_ref();
        self.reader.replace(Some(reader.clone()));
    }

    fn wake_reader(&self) {
        if let Some(reader) = &*self.reader.borrow() {
            reader.wake_by_ref();
        }
    }

    pub(super) fn enter(&self, phase: Phase) {
        self.phase.set(phase);
        self.since.set(None);
    }
}

/// Marks the connection busy for as long as it lives.
#[derive(Debug)]
struct Busy(Rc<Tracker>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.enter(Phase::Idle);
        self.0.wake_reader();
    }
}

/// Calls the application and keeps the connection marked busy until its response is produced.
pub(super) fn answer<S, B>(
    mut req: Request,
    app: &S,
    body_deadline: Duration,
) -> impl Future<Output = Result<Response<Tracked<B>>, S::Error>> + use<S, B>
where
    S: Service<Request>,
    S::Response: Into<Response<B>>,
    B: MessageBody,
{
    let tracker = req.conn_data::<Rc<Tracker>>().cloned();
    let busy = tracker.map(|tracker| {
        tracker.enter(Phase::Busy);
        watch_body(&mut req, &tracker, body_deadline);
        Busy(tracker)
    });
    let response = app.call(req);
    async move {
        let response = match response.await {
            Ok(response) => response.into(),
            Err(err) => {
                // Its body is not wrapped, so its last bytes are unknown here.
                if let Some(Busy(tracker)) = &busy {
                    tracker.lookalike.set(true);
                }
                return Err(err);
            }
        };
        Ok(response.map_body(|head, body| {
            if let Some(Busy(tracker)) = &busy {
                let empty = matches!(body.size(), BodySize::None | BodySize::Sized(0));
                tracker.lookalike.set(empty && head.headers().is_empty());
            }
            Tracked { body, busy }
        }))
    }
}

fn watch_body(req: &mut Request, tracker: &Rc<Tracker>, deadline: Duration) {
    let body = match req.payload() {
        Payload::H1 { .. } => req.take_payload(),
        _ => {
            tracker.body_unread.set(false);
            return;
        }
    };
    tracker.body_unread.set(true);
    *req.payload() = Payload::Stream {
        payload: Box::pin(WatchedBody {
            body,
            tracker: Rc::clone(tracker),
            left: deadline,
            waiting_since: None,
            timer: None,
            ended: false,
        }),
    };
}

pin_project! {
    /// A response's body that keeps the connection busy until it is sent or dropped.
    pub(super) struct Tracked<B> {
        #[pin]
        body: B,
        busy: Option<Busy>,
    }
}

impl<B: MessageBody> MessageBody for Tracked<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.project();
        let polled = this.body.poll_next(cx);
        if let (Poll::Ready(Some(Ok(chunk))), Some(Busy(tracker))) = (&polled, &this.busy) {
            tracker.lookalike.set(chunk.ends_with(HEAD_END));
        }
        polled
    }
}

/// A request's body that fails once the client has kept its reader waiting for too long in all.
struct WatchedBody {
    body: Payload,
    tracker: Rc<Tracker>,
    left: Duration,
    waiting_since: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
    ended: bool,
}

impl WatchedBody {
    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let since = match self.waiting_since {
            Some(since) => since,
            None => {
                let now = Instant::now();
                self.waiting_since = Some(now);
                let due = now + self.left;
                match &mut self.timer {
                    Some(timer) => timer.as_mut().reset(due),
                    None => self.timer = Some(Box::pin(sleep_until(due))),
                }
                now
            }
        };
        match &mut self.timer {
            Some(timer) => timer.as_mut().poll(cx),
            // Cannot be: the timer is made with the first wait.
            None if since.elapsed() >= self.left => Poll::Ready(()),
            None => Poll::Pending,
        }
    }

    fn fail(&mut self, err: PayloadError) -> Poll<Option<Result<Bytes, PayloadError>>> {
        self.ended = true;
        self.tracker.body_failed.set(true);
        Poll::Ready(Some(Err(err)))
    }
}

impl Stream for WatchedBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.ended {
            return Poll::Ready(None);
        }
        match Pin::new(&mut this.body).poll_next(cx) {
            Poll::Ready(item) => {
                if let Some(since) = this.waiting_since.take() {
                    this.left = this.left.saturating_sub(since.elapsed());
                }
                match item {
                    Some(Err(err)) => this.fail(err),
                    Some(chunk) => Poll::Ready(Some(chunk)),
                    None => {
                        this.ended = true;
                        this.tracker.body_unread.set(false);
                        Poll::Ready(None)
                    }
                }
            }
            Poll::Pending => match this.poll_deadline(cx) {
                Poll::Ready(()) => this.fail(PayloadError::Io(io::ErrorKind::TimedOut.into())),
                Poll::Pending => Poll::Pending,
            },
        }
    }
}
