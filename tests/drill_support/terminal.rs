//! A program in a real terminal: a pair of pseudo-terminal ends, one of which the program believes to be its keyboard and
//! screen.

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{Winsize, openpty};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// Looks of a tenth of a second: long enough for a busy machine; nothing waits for it when all is well.
const PATIENCE: u32 = 600;
const LOOK: Duration = Duration::from_millis(100);

pub struct Terminal {
    ours: File,
    child: Child,
    /// Everything that was on the screen.
    pub seen: String,
    /// Up to where it has been waited for.
    read: usize,
}

impl Terminal {
    pub fn start(command: &mut Command) -> Terminal {
        let size = Winsize {
            ws_row: 40,
            ws_col: 120,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let ends = openpty(&size, None).expect("a pseudo-terminal");
        let theirs = || Stdio::from(ends.slave.try_clone().expect("another handle"));
        let child = command
            .stdin(theirs())
            .stdout(theirs())
            .stderr(theirs())
            .spawn()
            .expect("started");
        Terminal {
            ours: File::from(ends.master),
            child,
            seen: String::new(),
            read: 0,
        }
    }

    /// Waits until a text is on the screen, after what was waited for before.
    pub fn wait_for(&mut self, text: &str) {
        let mut left = PATIENCE;
        loop {
            if let Some(at) = self.seen[self.read..].find(text) {
                self.read += at + text.len();
                return;
            }
            let more = self.more(LOOK);
            left -= u32::from(more == Some(0));
            assert!(
                more.is_some() && left > 0,
                "`{text}` does not come; seen:\n{}",
                self.seen
            );
        }
    }

    fn tail(&self) -> &str {
        let start = self.seen.len().saturating_sub(2000);
        self.seen.get(start..).unwrap_or(&self.seen)
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        self.ours.write_all(keys.as_bytes()).expect("the keyboard works");
    }

    /// What Ctrl-C does: the program does not own this terminal, so its signal is sent by hand.
    pub fn interrupt(&self) {
        let id = nix::unistd::Pid::from_raw(self.child.id() as i32);
        nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGINT).expect("it runs");
    }

    /// Waits for the program's end: nobody holds the other end of the terminal any more.
    pub fn end(mut self) -> (ExitStatus, String) {
        let mut left = PATIENCE;
        while let Some(count) = self.more(LOOK) {
            left -= u32::from(count == 0);
            assert!(
                left > 0,
                "the program does not end; the end of what was seen:\n{}",
                self.tail()
            );
        }
        (self.child.wait().expect("a child"), self.seen.clone())
    }

    /// Reads what is there; `None` once the other end is closed.
    fn more(&mut self, within: Duration) -> Option<usize> {
        let timeout = PollTimeout::try_from(within).expect("short");
        let ready = {
            let mut asked = [PollFd::new(self.ours.as_fd(), PollFlags::POLLIN)];
            poll(&mut asked, timeout).expect("poll") > 0
        };
        if !ready {
            return Some(0);
        }
        let mut part = [0; 4096];
        match self.ours.read(&mut part) {
            Ok(0) | Err(_) => None,
            Ok(count) => {
                self.seen.push_str(&String::from_utf8_lossy(&part[..count]));
                Some(count)
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A test that fails leaves nothing running.
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
