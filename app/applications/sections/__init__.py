"""The sections (表) of an application, declared one file each, and the pure rules that read the declarations.
Not here: storing a section, uploads and the checklist page, which the rest of `applications` does."""
