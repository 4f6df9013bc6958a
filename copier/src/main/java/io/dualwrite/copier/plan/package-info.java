/** What a run will do, before it does it: the tables and their order, the ranges, the watermark, the direction. */
@NullMarked
package io.dualwrite.copier.plan;

import org.jspecify.annotations.NullMarked;
