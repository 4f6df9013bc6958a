package io.dualwrite;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MBeans of one instance, {@code io.dualwrite:type=…,name=…}, while it runs. Not thread-safe. */
final class Beans implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Beans.class);

    private final String instance;
    private final List<ObjectName> registered = new ArrayList<>();

    Beans(String instance) {
        this.instance = instance;
    }

    /** Registers the bean. An application that forbids it, or has one of that name, goes on without. */
    void register(String type, Object bean) {
        try {
            ObjectName name = new ObjectName("io.dualwrite:type=" + type + ",name=" + ObjectName.quote(instance));
            ManagementFactory.getPlatformMBeanServer().registerMBean(bean, name);
            registered.add(name);
        } catch (JMException | LinkageError e) {
            LOG.debug("No MBean {} for instance {}", type, instance, e);
        }
    }

    @Override
    public void close() {
        for (ObjectName name : registered) {
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
            } catch (JMException e) {
                LOG.debug("The MBean {} is gone already", name, e);
            }
        }
        registered.clear();
    }
}
