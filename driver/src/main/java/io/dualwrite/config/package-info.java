/** The properties file: its settings, its manifest, and how a change of it is adopted. */
@NullMarked
package io.dualwrite.config;

import org.jspecify.annotations.NullMarked;
