//! The socket as the dispatcher sees it.
//!
//! The dispatcher's poll goes: read what is there, call the application, write, flush. So deadlines
//! are looked at when a read has nothing, and the timer is set at the flush, when all that could
//! be done is done. A deadline that is over appears to the dispatcher as the client's end of file.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::refusal::{HeadSeen, Render};
use super::tracking::{Phase, Tracker};
use super::{Deadlines, LINGER, refusal};

/// How much of what a refused client is still sending is read and thrown away.
const DISCARD: usize = 1024 * 1024;

/// A client's connection with its deadlines.
pub(super) struct Connection {
    io: TcpStream,
    deadlines: Deadlines,
    render: Render,
    tracker: Rc<Tracker>,
    seen: HeadSeen,
    timer: Pin<Box<Sleep>>,
    /// When a write that waits for the client to read is given up.
    write_due: Option<Instant>,
    /// The flush found the phase's deadline over before any read could.
    late: bool,
    refusal: Option<Refusal>,
    /// The last read gave all that one turn of the dispatcher may have.
    read_enough: bool,
    /// How many bytes were read and thrown away after the refusal.
    discarded: usize,
    /// The dispatcher gets no more out of this connection.
    ended: bool,
}

/// The dispatcher takes apart all requests that it has read before it looks at how many are waiting,
/// and each of them costs it kilobytes: what it reads in one turn bounds what a client that sends
/// requests and reads no answers can fill.
const READ_AT_ONCE: usize = 2048;

/// An answer of our own on its way, and the end of the connection after it.
struct Refusal {
    answer: Vec<u8>,
    sent: usize,
    linger_due: Option<Instant>,
}

impl Connection {
    pub(super) fn new(io: TcpStream, deadlines: Deadlines, render: Render) -> Self {
        let now = Instant::now();
        let tracker = Tracker::new();
        tracker.since.set(Some(now));
        Self {
            io,
            deadlines,
            render,
            tracker: Rc::new(tracker),
            seen: HeadSeen::default(),
            timer: Box::pin(sleep_until(now + deadlines.head)),
            write_due: None,
            late: false,
            refusal: None,
            read_enough: false,
            discarded: 0,
            ended: false,
        }
    }

    pub(super) fn tracker(&self) -> Rc<Tracker> {
        Rc::clone(&self.tracker)
    }

    fn is_busy(&self) -> bool {
        self.tracker.phase.get() == Phase::Busy
    }

    /// Waits with the connection's one timer, which is only ever moved, never made anew. It may
    /// wake the task too early, but never too late.
    fn poll_until(&mut self, due: Instant, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.timer.deadline() > due || self.timer.is_elapsed() {
                self.timer.as_mut().reset(due);
            }
            ready!(self.timer.as_mut().poll(cx));
            if self.timer.deadline() >= due {
                return Poll::Ready(());
            }
        }
    }

    /// When the client must have done what the phase expects of it.
    fn phase_due(&self) -> Option<Instant> {
        let limit = match self.tracker.phase.get() {
            Phase::Busy => return None,
            _ if self.tracker.body_failed.get() => Duration::ZERO,
            Phase::Fresh | Phase::Head => self.deadlines.head,
            Phase::Idle => self.deadlines.keep_alive,
        };
        let since = self.tracker.since.get().unwrap_or_else(|| {
            let now = Instant::now();
            self.tracker.since.set(Some(now));
            now
        });
        Some(since + limit)
    }

    fn is_overdue(&self) -> bool {
        self.timer.is_elapsed() && self.write_due.is_none() && self.phase_due().is_some_and(|due| due <= Instant::now())
    }

    /// Takes note of bytes that came while no request was being answered.
    fn note_head(&mut self, bytes: &[u8]) {
        match self.tracker.phase.get() {
            Phase::Busy => {}
            Phase::Head => self.seen.more(bytes),
            Phase::Fresh | Phase::Idle => {
                self.tracker.enter(Phase::Head);
                self.seen = HeadSeen::start(bytes);
            }
        }
    }

    /// Begins to answer a request that does not reach the application, and to close.
    fn refuse(&mut self, status: u16) {
        // Where the body was at fault, the application has answered already.
        let answer = if self.tracker.body_failed.get() {
            Vec::new()
        } else {
            refusal::answer(status, &self.seen, self.render)
        };
        self.refusal = Some(Refusal {
            answer,
            sent: 0,
            linger_due: None,
        });
    }

    /// Sends the refusal and closes; ready when nothing is left to do.
    fn poll_refusal(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(refusal) = &mut self.refusal {
            if let Some(due) = refusal.linger_due {
                ready!(self.poll_linger(due, cx));
                self.refusal = None;
                self.ended = true;
                break;
            }
            let unsent = &refusal.answer[refusal.sent..];
            if unsent.is_empty() {
                ready!(Pin::new(&mut self.io).poll_shutdown(cx))?;
                refusal.linger_due = Some(Instant::now() + LINGER);
                continue;
            }
            match Pin::new(&mut self.io).poll_write(cx, unsent) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(sent)) => {
                    refusal.sent += sent;
                    self.write_due = None;
                }
                Poll::Ready(Err(err)) => return Poll::Ready(Err(err)),
                Poll::Pending => return Poll::Ready(Err(ready!(self.poll_stalled(cx)))),
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Reads on for a while after closing our side: closing a socket with unread bytes would reset
    /// it, and the client might lose the answer.
    fn poll_linger(&mut self, due: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; 2048];
        while self.discarded < DISCARD {
            let mut buf = ReadBuf::new(&mut scratch);
            match Pin::new(&mut self.io).poll_read(cx, &mut buf) {
                Poll::Ready(Ok(())) if !buf.filled().is_empty() => {
                    self.discarded += buf.filled().len();
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return self.poll_until(due, cx),
            }
        }
        Poll::Ready(())
    }

    /// Waits with a write that makes no progress; ready when it is to be given up.
    fn poll_stalled(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let limit = self.deadlines.write;
        let due = *self.write_due.get_or_insert_with(|| Instant::now() + limit);
        ready!(self.poll_until(due, cx));
        self.ended = true;
        // Without this the kernel would go on offering the rest to a client that does not read.
        let _ = self.io.set_zero_linger();
        log::info!(
            "Dropped a client that read nothing of its response for {} ms",
            limit.as_millis()
        );
        Poll::Ready(io::ErrorKind::TimedOut.into())
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.late = false;
        if this.refusal.is_none() && !this.ended {
            if this.tracker.body_failed.get() && !this.is_busy() && this.write_due.is_none() {
                this.refuse(400);
                return this.poll_refusal(cx);
            }
            if std::mem::take(&mut this.read_enough) {
                this.tracker.keep_back(cx.waker());
                return Poll::Pending;
            }
            let most = READ_AT_ONCE.min(buf.remaining());
            let mut part = ReadBuf::new(buf.initialize_unfilled_to(most));
            match Pin::new(&mut this.io).poll_read(cx, &mut part) {
                Poll::Pending if this.is_overdue() => {}
                Poll::Pending => return Poll::Pending,
                Poll::Ready(read) => {
                    let new = part.filled();
                    if !new.is_empty() {
                        this.note_head(new);
                    }
                    let count = new.len();
                    buf.advance(count);
                    this.read_enough = count == most;
                    return Poll::Ready(read);
                }
            }
            match this.tracker.phase.get() {
                Phase::Head if !this.tracker.body_unread.get() => this.refuse(408),
                // Nobody is waiting for an answer.
                _ => this.ended = true,
            }
        }
        this.poll_refusal(cx)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let mut buf = buf;
        if this.refusal.is_none() && !this.is_busy() && !this.tracker.lookalike.get() {
            match refusal::find(buf) {
                None => {}
                Some((0, status)) => this.refuse(status),
                // First what the application answered to earlier requests.
                Some((start, _)) => buf = &buf[..start],
            }
        }
        if this.refusal.is_some() {
            // The dispatcher's answer stays in its buffer until ours is out. Then an error ends it.
            ready!(this.poll_refusal(cx))?;
        }
        if this.ended {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        match Pin::new(&mut this.io).poll_write(cx, buf) {
            Poll::Pending => Poll::Ready(Err(ready!(this.poll_stalled(cx)))),
            ready => {
                this.write_due = None;
                ready
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.tracker.lookalike.set(false);
        if this.refusal.is_some() || this.ended {
            return Poll::Ready(Ok(()));
        }
        if let Some(due) = this.phase_due()
            && this.poll_until(due, cx).is_ready()
        {
            if this.late {
                // The dispatcher does not read any more: end it, rather than wake it for ever.
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            this.late = true;
            cx.waker().wake_by_ref();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::{net::TcpListener, time::sleep};

    use super::*;

    /// Whether a read finds the connection over while a finished response waits for the client.
    async fn is_over(body_failed: bool) -> bool {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let (client, server) = tokio::join!(client, listener.accept());
        let (_client, (io, _)) = (client.unwrap(), server.unwrap());
        let short = Duration::from_millis(20);
        let deadlines = Deadlines {
            head: short,
            body: short,
            write: Duration::from_secs(60),
            keep_alive: short,
        };
        let mut connection = Connection::new(io, deadlines, |_, _| String::new());
        connection.tracker.enter(Phase::Idle);
        poll_fn(|cx| {
            while Pin::new(&mut connection).poll_write(cx, &[b'x'; 65536]).is_ready() {}
            Poll::Ready(())
        })
        .await;
        connection.tracker.body_failed.set(body_failed);
        sleep(4 * short).await;
        // The first look at an idle connection is where its time begins.
        for _ in 0..2 {
            let over = poll_fn(|cx| {
                let mut scratch = [0; 16];
                let read = Pin::new(&mut connection).poll_read(cx, &mut ReadBuf::new(&mut scratch));
                Poll::Ready(read.is_ready())
            });
            if over.await || connection.refusal.is_some() {
                return true;
            }
            sleep(4 * short).await;
        }
        false
    }

    #[tokio::test]
    async fn a_response_that_waits_for_the_client_keeps_the_connection() {
        assert!(!is_over(false).await);
        assert!(!is_over(true).await);
    }
}
