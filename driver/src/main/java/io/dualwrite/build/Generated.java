package io.dualwrite.build;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Stands on every class that the build's proxy step makes, for tools that read class files. */
@Retention(RetentionPolicy.CLASS)
@interface Generated {}
