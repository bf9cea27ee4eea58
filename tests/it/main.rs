//! One test binary: the program from outside, and the rooms on whole documents.

mod corpus;
mod pages;
mod support;
