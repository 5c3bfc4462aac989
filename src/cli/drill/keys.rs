//! Single keys from a terminal, without waiting for the end of the line; whole lines' characters from anything else.
//!
//! The terminal is put back as it was when this goes away. Where the system has no such modes, keys need a return key.

use std::io::{self, IsTerminal, Read};
use std::time::Duration;

/// What came from the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    /// A character.
    Key(char),
    /// Nothing within the time.
    Nothing,
    /// Nothing will ever come: the input has ended.
    End,
}

/// The keyboard.
pub(super) struct Keys {
    waiting: Vec<u8>,
    ended: bool,
    terminal: bool,
    #[cfg(unix)]
    before: Option<nix::sys::termios::Termios>,
}

impl Keys {
    /// Takes the terminal, if there is one.
    pub fn take() -> Keys {
        let terminal = io::stdin().is_terminal();
        Keys {
            waiting: Vec::new(),
            ended: false,
            terminal,
            #[cfg(unix)]
            before: terminal.then(unix::single_keys).flatten(),
        }
    }

    /// Whether somebody sits at a terminal.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// The next key, if one comes within the time.
    pub fn next(&mut self, within: Duration) -> Pressed {
        if self.waiting.is_empty() && !self.ended {
            self.fill(within);
        } else if self.ended && self.waiting.is_empty() {
            std::thread::sleep(within);
        }
        let Some(first) = self.waiting.first() else {
            return if self.ended { Pressed::End } else { Pressed::Nothing };
        };
        // A character may be several bytes; one that is no UTF-8 is skipped.
        let length = match *first {
            0xf0.. => 4,
            0xe0.. => 3,
            0xc0.. => 2,
            _ => 1,
        };
        let bytes: Vec<u8> = self.waiting.drain(..length.min(self.waiting.len())).collect();
        match std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()) {
            Some(letter) => Pressed::Key(letter),
            None => Pressed::Nothing,
        }
    }

    #[cfg(unix)]
    fn fill(&mut self, within: Duration) {
        if unix::ready(within) {
            self.read();
        }
    }

    #[cfg(not(unix))]
    fn fill(&mut self, _within: Duration) {
        self.read();
    }

    fn read(&mut self) {
        let mut part = [0; 256];
        match io::stdin().lock().read(&mut part) {
            Ok(0) => self.ended = true,
            Ok(count) => self.waiting.extend_from_slice(&part[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => self.ended = true,
        }
    }
}

#[cfg(unix)]
impl Drop for Keys {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            let _ = nix::sys::termios::tcsetattr(io::stdin(), nix::sys::termios::SetArg::TCSADRAIN, before);
        }
    }
}

#[cfg(unix)]
mod unix {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
    use std::io;
    use std::os::fd::AsFd;
    use std::time::Duration;

    /// No lines and no echo; Ctrl-C stays what it is. What was before, to be put back.
    pub(super) fn single_keys() -> Option<Termios> {
        let before = tcgetattr(io::stdin()).ok()?;
        let mut single = before.clone();
        single.local_flags.remove(LocalFlags::ICANON | LocalFlags::ECHO);
        tcsetattr(io::stdin(), SetArg::TCSANOW, &single).ok()?;
        Some(before)
    }

    pub(super) fn ready(within: Duration) -> bool {
        let stdin = io::stdin();
        let timeout = PollTimeout::try_from(within).unwrap_or(PollTimeout::ZERO);
        let mut asked = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
        poll(&mut asked, timeout).is_ok_and(|count| count > 0)
    }
}
