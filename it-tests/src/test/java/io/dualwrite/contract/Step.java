package io.dualwrite.contract;

/**
 * One call of a walk.
 *
 * @param text what is called, as a failure tells it
 */
record Step(String text, Action action) {
    interface Action {
        void take(Walker walker) throws Exception;
    }
}
