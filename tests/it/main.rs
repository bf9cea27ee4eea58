//! One test binary: the program from outside, and the rooms on whole documents.

mod corpus;
mod demo;
mod pages;
mod support;
