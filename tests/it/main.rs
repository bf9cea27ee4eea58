//! One test binary: the program from outside, and the rooms on whole documents.

mod architecture;
mod corpus;
