/** Tests of the demo's judgement: each plants the fault that it must find. */
@NullMarked
package io.dualwrite.demo.verdict;

import org.jspecify.annotations.NullMarked;
