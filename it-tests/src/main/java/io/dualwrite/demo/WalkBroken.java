package io.dualwrite.demo;

/** The walk cannot go on; the message says where, why and what to look at. */
final class WalkBroken extends Exception {
    private static final long serialVersionUID = 1;

    WalkBroken(String message) {
        super(message);
    }
}
