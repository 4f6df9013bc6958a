/** Whether two databases allow a migration: each check a small class that finds in sentences what stands in its way. */
@NullMarked
package io.dualwrite.copier.check;

import org.jspecify.annotations.NullMarked;
