package io.milena.server.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of {@code listeners} or {@code advertised.listeners}.
 *
 * @param name the listener's name, in capitals
 * @param host where to listen or what to advertise; empty for every interface
 * @param port 0 takes a free port
 */
public record ListenerAddress(String name, String host, int port) {
    private static final Pattern FORM = Pattern.compile("([^:/]+)://(?:\\[([0-9a-zA-Z%.:]*)\\]|([^:/\\[\\]]*)):(\\d+)");
    private static final int PORT_MAX = 65_535;

    /** The entries of a list such as {@code PLAINTEXT://:9092,LOCAL://127.0.0.1:9093}; names and ports must differ. */
    static List<ListenerAddress> parseAll(String setting, List<String> texts) {
        List<ListenerAddress> addresses = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String text : texts) {
            ListenerAddress address = parse(setting, text);
            if (!names.add(address.name)) {
                throw new InvalidSettingException(setting + " names the listener " + address.name + " twice");
            }
            addresses.add(address);
        }
        return List.copyOf(addresses);
    }

    /** The one address that a setting of its own names, as host:port, for a listener of that name. */
    static ListenerAddress parseOne(String setting, String name, String text) {
        try {
            return parse(setting, name + "://" + text);
        } catch (InvalidSettingException e) {
            throw new InvalidSettingException(
                    setting + " cannot be \"" + text + "\": it takes host:port with a port up to " + PORT_MAX);
        }
    }

    private static ListenerAddress parse(String setting, String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            String host = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
            int port = matcher.group(4).length() > 5 ? PORT_MAX + 1 : Integer.parseInt(matcher.group(4));
            if (port <= PORT_MAX) {
                return new ListenerAddress(matcher.group(1).toUpperCase(Locale.ROOT), host, port);
            }
        }
        throw new InvalidSettingException(
                setting + " cannot be \"" + text + "\": it takes NAME://host:port with a port up to " + PORT_MAX);
    }

    @Override
    public String toString() {
        return name + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
