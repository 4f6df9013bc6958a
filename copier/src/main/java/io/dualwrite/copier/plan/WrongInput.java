package io.dualwrite.copier.plan;

/** What the operator asked for cannot be done as it stands; the message says in one sentence what, where and what next. */
public final class WrongInput extends RuntimeException {
    public WrongInput(String message) {
        super(message);
    }

    public WrongInput(String message, Throwable cause) {
        super(message, cause);
    }
}
