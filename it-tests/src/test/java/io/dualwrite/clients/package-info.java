/** What real applications are made of, each through nothing but its URL or DataSource, up the ladder and down again. */
@NullMarked
package io.dualwrite.clients;

import org.jspecify.annotations.NullMarked;
