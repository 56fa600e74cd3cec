//! A connection that gives up on a reader who hardly reads (fault matrix, F8).

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

/// Bytes that must get through in each period once the reader is slow: 400 bytes/s at 10 s,
/// which the poorest mobile line exceeds tenfold.
const LEAST_PROGRESS: usize = 4096;

/// A stream whose writes fail with `TimedOut` when, for `patience`, less than
/// [`LEAST_PROGRESS`] bytes get through.
pub(super) struct Patient {
    stream: TcpStream,
    patience: Duration,
    stalled: Option<Stall>,
}

struct Stall {
    deadline: Pin<Box<Sleep>>,
    written: usize,
}

impl Patient {
    pub(super) fn new(stream: TcpStream, patience: Duration) -> Self {
        Self {
            stream,
            patience,
            stalled: None,
        }
    }

    /// Judges one attempt to write.
    fn judge(
        &mut self,
        context: &mut Context<'_>,
        attempt: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match attempt {
            Poll::Ready(Ok(written)) => {
                if let Some(stall) = &mut self.stalled {
                    stall.written += written;
                    if stall.written >= LEAST_PROGRESS {
                        self.stalled = None;
                    }
                }
                Poll::Ready(Ok(written))
            }
            Poll::Pending => {
                let patience = self.patience;
                let stall = self.stalled.get_or_insert_with(|| Stall {
                    deadline: Box::pin(sleep(patience)),
                    written: 0,
                });
                stall
                    .deadline
                    .as_mut()
                    .poll(context)
                    .map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
            failed @ Poll::Ready(Err(_)) => failed,
        }
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(context, attempt)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.judge(context, attempt)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
