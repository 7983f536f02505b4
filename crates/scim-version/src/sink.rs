//! Where canonical octets go: into a vector, or through a small buffer into SHA-256.

use sha2::{Digest, Sha256};

/// Takes octets in order.
pub(crate) trait Sink {
    fn put(&mut self, octets: &[u8]);
}

impl Sink for Vec<u8> {
    fn put(&mut self, octets: &[u8]) {
        self.extend_from_slice(octets);
    }
}

/// SHA-256 behind a buffer on the stack.
///
/// Canonical JSON comes in pieces of a few octets; handing each to the hash alone costs more than hashing it.
pub(crate) struct Sha256Sink {
    hash: Sha256,
    buffer: [u8; BUFFER],
    filled: usize,
}

const BUFFER: usize = 1024;

impl Sha256Sink {
    pub(crate) fn new() -> Self {
        Self {
            hash: Sha256::new(),
            buffer: [0; BUFFER],
            filled: 0,
        }
    }

    pub(crate) fn finish(mut self) -> [u8; 32] {
        self.flush();
        self.hash.finalize().into()
    }

    #[cold]
    fn put_past_the_end(&mut self, octets: &[u8]) {
        self.flush();
        if let Some(room) = self.buffer.get_mut(..octets.len()) {
            room.copy_from_slice(octets);
            self.filled = octets.len();
        } else {
            self.hash.update(octets);
        }
    }

    fn flush(&mut self) {
        self.hash.update(&self.buffer[..self.filled]);
        self.filled = 0;
    }
}

impl Sink for Sha256Sink {
    #[inline]
    fn put(&mut self, octets: &[u8]) {
        // No overflow: both are lengths of slices that exist.
        let end = self.filled + octets.len();
        match self.buffer.get_mut(self.filled..end) {
            Some(room) => {
                room.copy_from_slice(octets);
                self.filled = end;
            }
            None => self.put_past_the_end(octets),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_does_not_show_in_the_hash() {
        let content: Vec<u8> = (0..5 * BUFFER)
            .map(|n| u8::try_from(n % 251).unwrap())
            .collect();
        let whole: [u8; 32] = Sha256::digest(&content).into();
        for size in [1, 7, BUFFER - 1, BUFFER, BUFFER + 1, 3 * BUFFER] {
            let mut sink = Sha256Sink::new();
            for piece in content.chunks(size) {
                sink.put(piece);
                sink.put(&[]);
            }
            assert_eq!(sink.finish(), whole, "pieces of {size}");
        }
    }
}
