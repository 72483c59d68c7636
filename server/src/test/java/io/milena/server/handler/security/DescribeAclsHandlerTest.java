package io.milena.server.handler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeAclsRequest;
import io.milena.protocol.message.DescribeAclsResponse;
import io.milena.server.request.TestRequests;
import org.junit.jupiter.api.Test;

class DescribeAclsHandlerTest {
    @Test
    void shouldSayThatThereIsNoAuthorizer() {
        DescribeAclsResponse response = new DescribeAclsHandler()
                .handle(new DescribeAclsRequest(), TestRequests.context(ApiKey.DESCRIBE_ACLS, 3))
                .toCompletableFuture()
                .join();
        assertThat(response.errorCode()).isEqualTo(ErrorCode.SECURITY_DISABLED);
        assertThat(response.resources()).isEmpty();
    }
}
