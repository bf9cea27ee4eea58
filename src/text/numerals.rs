//! Numerals as Chinese reports print them.
