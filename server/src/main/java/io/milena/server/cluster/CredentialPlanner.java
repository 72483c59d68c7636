package io.milena.server.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.server.cluster.record.UserCredentialChanged;
import io.milena.server.cluster.record.UserCredentialRemoved;

/** Decides how users' credentials change (KIP-554). Touches nothing. */
final class CredentialPlanner {
    private static final int MIN_ITERATIONS = 4096;
    private static final int MAX_ITERATIONS = 16_384;

    private CredentialPlanner() {}

    /** The record that makes the change in a cluster that looks like {@code image}; throws {@link TopicRefusal}. */
    static Message plan(ClusterImage image, CredentialChange change) {
        if (change.user().isEmpty()) {
            throw new TopicRefusal(ErrorCode.UNACCEPTABLE_CREDENTIAL, "A user needs a name.");
        }
        ScramMechanism mechanism = ScramMechanism.of(change.mechanism())
                .orElseThrow(() -> new TopicRefusal(
                        ErrorCode.UNSUPPORTED_SASL_MECHANISM, "There is no mechanism " + change.mechanism() + "."));
        CredentialChange.SaltedPassword password = change.password();
        if (password != null) {
            return changed(change.user(), mechanism, password);
        }
        if (!image.credentials().containsKey(new ScramCredential.Owner(change.user(), mechanism))) {
            throw new TopicRefusal(
                    ErrorCode.RESOURCE_NOT_FOUND, "There is no such credential of " + change.user() + ".");
        }
        return new UserCredentialRemoved().user(change.user()).mechanism(mechanism.code());
    }

    private static Message changed(String user, ScramMechanism mechanism, CredentialChange.SaltedPassword password) {
        if (password.iterations() < MIN_ITERATIONS || password.iterations() > MAX_ITERATIONS) {
            throw new TopicRefusal(
                    ErrorCode.UNACCEPTABLE_CREDENTIAL,
                    "The iterations cannot be " + password.iterations() + ": they are " + MIN_ITERATIONS + " .. "
                            + MAX_ITERATIONS + ".");
        }
        byte[] hash = password.hash();
        if (hash.length == 0) {
            throw new TopicRefusal(ErrorCode.UNACCEPTABLE_CREDENTIAL, "The password is missing.");
        }
        return new UserCredentialChanged()
                .user(user)
                .mechanism(mechanism.code())
                .iterations(password.iterations())
                .salt(password.salt())
                .storedKey(mechanism.storedKey(hash))
                .serverKey(mechanism.serverKey(hash));
    }
}
