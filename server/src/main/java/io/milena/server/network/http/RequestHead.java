package io.milena.server.network.http;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of a request and what is of interest of its header.
 *
 * @param refusal the status to refuse it with, 0 if it is to be answered
 * @param isHead whether only the head of the answer is wanted
 */
record RequestHead(int refusal, boolean isHead, HttpRequest request) {
    private static final HttpRequest NONE = new HttpRequest("", "");
    private static final Pattern FIRST_LINE = Pattern.compile("([!-~]{1,32}) ([!-~]+) HTTP/(\\d)\\.\\d");
    private static final String ACCEPT = "accept:";
    private static final int BAD_REQUEST = 400;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int VERSION_NOT_SUPPORTED = 505;

    /** Reads a head, without the empty line behind it. */
    static RequestHead parse(String head) {
        String[] lines = head.split("\r?\n", -1);
        Matcher first = FIRST_LINE.matcher(lines[0]);
        if (!first.matches()) {
            return refused(BAD_REQUEST);
        }
        if (!first.group(3).equals("1")) {
            return refused(VERSION_NOT_SUPPORTED);
        }
        boolean isHead = first.group(1).equals("HEAD");
        if (!isHead && !first.group(1).equals("GET")) {
            return refused(METHOD_NOT_ALLOWED);
        }
        String target = first.group(2);
        if (!target.startsWith("/")) {
            return refused(BAD_REQUEST);
        }
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        return new RequestHead(0, isHead, new HttpRequest(path, accept(lines)));
    }

    static RequestHead refused(int status) {
        return new RequestHead(status, false, NONE);
    }

    private static String accept(String[] lines) {
        for (String line : lines) {
            if (line.toLowerCase(Locale.ROOT).startsWith(ACCEPT)) {
                return line.substring(ACCEPT.length()).strip();
            }
        }
        return "";
    }
}
