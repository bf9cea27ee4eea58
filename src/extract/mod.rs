//! Document + standards → Report: sections, tables, figures, claims.
